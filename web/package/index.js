// Checks certificates of Mohar: https credentials that carry their own proof (schemas/credential.md).

export { fromHex } from "./bytes.js";
export { timeOf } from "./clock.js";
export { capable } from "./cose.js";
export { openStatus, openTrust } from "./lists.js";
export { bytesOf, hostOf } from "./scan.js";
export { follow, isOlder, listOf, openDelta, openSnapshot } from "./snapshot.js";
export { browserStore, memoryStore } from "./store.js";
export { Verifier } from "./verifier.js";
export { answer, judge, open, verifyText } from "./verify.js";
export { moment, report, reportOfServer, sinceWhen } from "./words.js";
