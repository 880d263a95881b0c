//! The picture of a scheme: its name, the benefit in big letters, the facts, and who decides.

use crate::SIZE;
use crate::canvas::{AMBER, BROWN, Canvas, INK, Ink, NAVY, PAPER, WHITE};
use crate::text::{Block, Style};
use mohar_schemas::scheme::{Icon, Scheme, Schemes};
use mohar_schemas::words::{Language, Words};

const WIDTH: f32 = 1_080.0;
const HEIGHT: f32 = 1_350.0;
/// Left and right of everything.
const MARGIN: f32 = 60.0;
const COLUMN: f32 = WIDTH - 2.0 * MARGIN;
const HEAD: f32 = 380.0;
const FOOT: f32 = 132.0;
/// The room of a fact's drawing, with the gap after it.
const ICON: f32 = 120.0;
/// The sizes that the facts are tried in, in pixels to an em; smaller is not read on a phone.
const FACTS: [f32; 4] = [52.0, 49.0, 46.0, 43.0];
/// The least room between two parts.
const GAP_MIN: f32 = 12.0;

/// Draws it.
pub fn draw(schemes: &Schemes, scheme: &Scheme, language: Language) -> Canvas {
    let ink = colour(schemes, scheme);
    let mut canvas = Canvas::new(SIZE, PAPER);
    head(&mut canvas, schemes, scheme, language, ink);
    Body::set(schemes, scheme, language, ink).draw(&mut canvas, scheme, ink);
    foot(&mut canvas, schemes, scheme, language);
    canvas
}

/// The colour of a scheme's group.
pub fn colour(schemes: &Schemes, scheme: &Scheme) -> Ink {
    schemes.group(scheme).and_then(mohar_schemas::scheme::Group::rgb).map_or(NAVY, Ink::new)
}

fn plain(size: f32, lines: usize, ink: Ink) -> Style {
    Style { size, least: size * 0.8, bold: false, lines, leading: 1.28, ink, centred: false }
}

fn head(canvas: &mut Canvas, schemes: &Schemes, scheme: &Scheme, language: Language, ink: Ink) {
    canvas.frame([0.0, 0.0, WIDTH, HEAD], 0.0, ink);
    let centre = (WIDTH - MARGIN - 130.0, HEAD / 2.0);
    canvas.rosette(centre, 330.0, WHITE.faint(0.13));
    canvas.disc(centre, 140.0, WHITE);
    canvas.icon(scheme.card.icon, centre, 182.0, ink);
    for (block, y) in title(schemes, scheme, language) {
        block.draw(canvas, (MARGIN, y), 1.0);
    }
}

/// Group, name and runner, each with its place from the top.
fn title(schemes: &Schemes, scheme: &Scheme, language: Language) -> Vec<(Block, f32)> {
    let width = COLUMN - 300.0;
    let quiet = |words: Option<&Words>| {
        let text = words.map_or("", |w| w.get(language));
        Block::new(text, width, plain(36.0, 1, WHITE.faint(0.85)))
    };
    let (group, runner) = (quiet(schemes.group(scheme).map(|g| &g.name)), quiet(schemes.runner(scheme)));
    let name = |size: f32| {
        let style = Style { bold: true, least: 54.0, leading: 1.2, ..plain(size, 3, WHITE) };
        Block::new(scheme.name.get(language), width, style)
    };
    let room = HEAD - group.height() - runner.height() - 64.0;
    let names = [74.0, 70.0, 66.0, 62.0, 58.0].map(name).into_iter();
    let name = names.reduce(|best, next| if best.height() > room { next } else { best });
    let parts: Vec<Block> = [Some(group), name, Some(runner)].into_iter().flatten().collect();
    let height: f32 = parts.iter().map(Block::height).sum();
    let mut y = (HEAD - height - 16.0) / 2.0;
    let placed = parts.into_iter().map(|block| {
        let at = y;
        y += block.height() + 8.0;
        (block, at)
    });
    placed.collect()
}

fn foot(canvas: &mut Canvas, schemes: &Schemes, scheme: &Scheme, language: Language) {
    let top = HEIGHT - FOOT;
    canvas.frame([0.0, top, WIDTH, FOOT], 0.0, NAVY);
    canvas.seal((MARGIN + 46.0, top + FOOT / 2.0), 46.0, 1.0);
    let words = &schemes.shared().card;
    let (left, width) = (MARGIN + 116.0, COLUMN - 116.0);
    let style = Style { bold: true, ..plain(48.0, 1, WHITE) };
    let decides = Block::new(words.decides.get(language), width, style);
    let day = scheme.checked.strftime("%d-%m-%Y").to_string();
    let line = format!("{}  ·  {}", site(scheme), words.as_of.get(language).replace("{day}", &day));
    let line = Block::new(&line, width, plain(33.0, 1, WHITE.faint(0.85)));
    let y = top + (FOOT - decides.height() - line.height()) / 2.0;
    decides.draw(canvas, (left, y), 1.0);
    line.draw(canvas, (left, y + decides.height()), 1.0);
}

/// The official address as people say it.
pub fn site(scheme: &Scheme) -> &str {
    scheme.site.trim_start_matches("https://").trim_start_matches("www.")
}

/// What stands between head and foot.
struct Body {
    big: Block,
    note: Block,
    facts: Vec<Block>,
    warning: Option<Block>,
    /// Between two parts: what room is left is shared out.
    gap: f32,
}

impl Body {
    /// Sets it with the facts as large as there is room for.
    fn set(schemes: &Schemes, scheme: &Scheme, language: Language, ink: Ink) -> Self {
        let set = |size: f32| {
            let style = Style { size: 160.0, least: 104.0, bold: true, leading: 1.16, ..plain(0.0, 1, ink) };
            let warning = scheme.unconfirmed.as_ref().map(|_| {
                let style = Style { bold: true, ..plain(38.0, 1, BROWN) };
                Block::new(schemes.shared().card.unconfirmed.get(language), COLUMN - 110.0, style)
            });
            let note = Style { bold: true, least: 44.0, ..plain(52.0, 2, INK) };
            let fact = Style { least: size, ..plain(size, 2, INK) };
            let facts = scheme.card.facts.iter();
            let body = Self {
                big: Block::new(scheme.card.big.get(language), COLUMN, style),
                note: Block::new(scheme.card.note.get(language), COLUMN, note),
                facts: facts.map(|f| Block::new(f.text.get(language), COLUMN - ICON, fact)).collect(),
                warning,
                gap: 0.0,
            };
            Self { gap: body.gap(), ..body }
        };
        let sizes = FACTS.map(set).into_iter();
        sizes
            .reduce(|best, next| if best.gap < GAP_MIN { next } else { best })
            .unwrap_or_else(|| set(FACTS[0]))
    }

    fn gap(&self) -> f32 {
        let warning = self.warning.as_ref().map_or(0.0, Self::strip);
        let rows: f32 = self.facts.iter().map(Self::row).sum();
        let used = self.big.height() + self.note.height() + rows + warning;
        let parts = self.facts.len() + 2 + usize::from(self.warning.is_some());
        #[expect(clippy::cast_precision_loss, reason = "a handful of parts")]
        let gap = (HEIGHT - HEAD - FOOT - used) / parts as f32;
        gap.min(44.0)
    }

    fn row(fact: &Block) -> f32 {
        fact.height().max(92.0)
    }

    fn strip(warning: &Block) -> f32 {
        warning.height() + 24.0
    }

    fn draw(&self, canvas: &mut Canvas, scheme: &Scheme, ink: Ink) {
        let mut y = HEAD + self.gap;
        self.big.draw(canvas, (MARGIN, y), 1.0);
        y += self.big.height();
        self.note.draw(canvas, (MARGIN, y), 1.0);
        y += self.note.height() + self.gap;
        for (fact, block) in scheme.card.facts.iter().zip(&self.facts) {
            let middle = y + Self::row(block) / 2.0;
            canvas.disc((MARGIN + 46.0, middle), 46.0, PAPER.towards(ink, 0.14));
            canvas.icon(fact.icon, (MARGIN + 46.0, middle), 60.0, ink);
            block.draw(canvas, (MARGIN + ICON, middle - block.height() / 2.0), 1.0);
            y += Self::row(block) + self.gap;
        }
        if let Some(warning) = &self.warning {
            let height = Self::strip(warning);
            let top = HEIGHT - FOOT - height - self.gap.min(24.0);
            canvas.frame([MARGIN, top, COLUMN, height], 18.0, AMBER);
            canvas.icon(Icon::Clock, (MARGIN + 48.0, top + height / 2.0), 46.0, BROWN);
            warning.draw(canvas, (MARGIN + 92.0, top + 12.0), 1.0);
        }
    }
}

/// What does not fit its place.
#[cfg(test)]
pub fn overfull(schemes: &Schemes, scheme: &Scheme, language: Language) -> Vec<String> {
    let body = Body::set(schemes, scheme, language, NAVY);
    let title = title(schemes, scheme, language);
    let (first, last) =
        (title.first().map_or(0.0, |t| t.1), title.last().map_or(0.0, |t| t.1 + t.0.height()));
    let mut said = vec![];
    let mut check = |what: &str, right: bool| said.extend((!right).then(|| what.to_owned()));
    check("title", first >= 8.0 && last <= HEAD - 8.0 && title.iter().all(|(b, _)| b.fits()));
    check("big", body.big.fits());
    check("note", body.note.fits());
    check("facts", body.facts.iter().all(Block::fits));
    check("warning", body.warning.as_ref().is_none_or(Block::fits));
    check("gap", body.gap >= 2.0);
    said
}
