// What the package says of every published vector, where it is not what the vector says. For node and for
// browsers: tests/tests/portal.rs hands the function to Chromium.

export default async (mohar, schemas, v) => {
  const { fromHex, openTrust, openStatus, openSnapshot, openDelta, follow, listOf, verifyText, report } = mohar;
  const trust = await openTrust(fromHex(v.trust_list), fromHex(v.root));
  const all = await Promise.all(v.status_lists.map((t) => openStatus(fromHex(t), trust)));
  const wrong = [];
  const compare = (name, found, expected) => {
    const [a, b] = [found, expected].map((value) => JSON.stringify(value));
    if (a !== b) wrong.push(`${name}: ${a} instead of ${b}`);
  };
  for (const c of [...v.positive, ...v.negative]) {
    const evidence = { trust, schemas, lists: c.status_lists ? all : [], now: c.at_s };
    const r = report(await verifyText(c.text, evidence), schemas);
    const lines = r.lines.map((l) => [l.id, l.value.en, l.value.hi]);
    compare(c.name, [r.code, r.number, lines], [c.verdict, c.number, c.lines]);
  }
  const state = async ({ snapshot, deltas }) => {
    let state = await openSnapshot(fromHex(snapshot), trust);
    for (const delta of deltas) state = follow(state, await openDelta(fromHex(delta), trust));
    // The places of a block are read when they are asked for.
    for (let number = 0; number * 2 ** 17 < state.issued; number++) listOf(state, number);
    return state;
  };
  const names = ["valid", "revoked", "suspended", "superseded"];
  for (const c of v.snapshots) {
    const s = await state(c);
    compare(c.name, [s.changes, s.issued, s.issuedAt, s.expires], [c.changes, c.issued, c.issued_at, c.expires]);
    const says = ([index]) => {
      const list = listOf(s, Math.floor(index / 2 ** 17)), entry = index % 2 ** 17;
      return [index, list && entry < list.issued ? names[list.bits[entry >> 2] >> (2 * (entry & 3)) & 3] : null];
    };
    compare(c.name, c.says.map(says), c.says);
  }
  for (const c of v.refused_snapshots) compare(c.name, await state(c).then(() => "accepted", () => "refused"), "refused");
  return wrong;
};
