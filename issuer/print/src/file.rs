//! The PDF file around the pages: fonts, structure tree, dates and identifier.

use std::cell::RefCell;
use std::sync::OnceLock;

use miniz_oxide::deflate::core::{
    CompressorOxide, TDEFLFlush, compress_to_output, create_comp_flags_from_zip_params,
};
use pdf_writer::{
    Buf, Content, Date, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr,
    types::{
        ActionType, AnnotationFlags, AnnotationType, CidFontType, FontFlags, SystemInfo, TabOrder,
        UnicodeCmap,
    },
};

use crate::{
    PrintError,
    canvas::{Canvas, HEIGHT, Link, Usage, WIDTH, round},
    ornament,
    text::{FONTS, NAMES, fonts},
};

const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const PAGE: Ref = Ref::new(3);
const CONTENT: Ref = Ref::new(4);
const INFO: Ref = Ref::new(5);
const ROSETTE: Ref = Ref::new(6);
const TREE: Ref = Ref::new(7);
const FIRST_FONT: i32 = 10;
const FIRST_ELEMENT: i32 = FIRST_FONT + 5 * 4;
const IDENTITY: SystemInfo =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// The rosette is the same on every page; drawing it once saves half the time.
static DRAWN: OnceLock<Vec<u8>> = OnceLock::new();

thread_local! {
    /// Its tables are large: made once a thread, not for every stream. Level 4 costs a third less
    /// time than level 6 and 2 % more bytes.
    static PACKER: RefCell<Box<CompressorOxide>> =
        RefCell::new(Box::new(CompressorOxide::new(create_comp_flags_from_zip_params(4, 15, 0))));
}

fn pack(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len() / 2 + 64);
    PACKER.with_borrow_mut(|packer| {
        packer.reset();
        // Taking a piece cannot fail, so everything is written.
        let _ = compress_to_output(packer, data, TDEFLFlush::Finish, |piece: &[u8]| {
            out.extend_from_slice(piece);
            true
        });
    });
    out
}

/// Object number of an index that the size of a page keeps small.
fn number(first: i32, index: usize) -> Ref {
    Ref::new(first + i32::try_from(index).unwrap_or(i32::MAX - first))
}

/// 128-bit FNV-1a, enough to tell files apart.
fn digest(parts: &[&[u8]]) -> Vec<u8> {
    let mut state: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for byte in parts.iter().copied().flatten() {
        state = (state ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
    }
    state.to_be_bytes().to_vec()
}

/// What the file says of itself.
pub struct Info<'a> {
    /// Its title.
    pub title: String,
    /// Who made it.
    pub author: String,
    /// What it is about.
    pub subject: &'a str,
    /// Year, month and day written as its dates.
    pub created: [u16; 3],
    /// Seed of its identifier.
    pub id: &'a str,
    /// Words for the area that opens an address, and the address.
    pub link: (String, &'a str),
}

/// Where the pages and their contents stand.
struct Places {
    pages: Vec<Ref>,
    contents: Vec<Ref>,
}

impl Places {
    /// The first page has numbers of its own, the others come behind the structure tree.
    fn new(pages: usize, elements: usize) -> Self {
        let behind = |n: usize| number(FIRST_ELEMENT, elements + n);
        let more = |part: usize| (1..pages).map(move |page| behind(2 * page + part));
        Self {
            pages: std::iter::once(PAGE).chain(more(0)).collect(),
            contents: std::iter::once(CONTENT).chain(more(1)).collect(),
        }
    }
}

/// Writes the file.
pub fn assemble(info: &Info<'_>, mut canvas: Canvas) -> Result<Vec<u8>, PrintError> {
    let mut contents = std::mem::take(&mut canvas.before);
    contents.push(std::mem::replace(&mut canvas.content, Content::new()));
    let places = Places::new(contents.len(), canvas.elements.len());
    let mut pdf = Pdf::new();
    pdf.set_version(1, 7);
    let mut catalog = pdf.catalog(CATALOG);
    catalog.pages(PAGES).lang(TextStr("hi-IN"));
    catalog.viewer_preferences().display_doc_title(true);
    catalog.mark_info().marked(true);
    catalog.pair(Name(b"StructTreeRoot"), TREE);
    catalog.finish();
    let count = i32::try_from(contents.len()).unwrap_or(i32::MAX);
    pdf.pages(PAGES).kids(places.pages.iter().copied()).count(count);

    let note = number(FIRST_ELEMENT, canvas.elements.len() + 1);
    for index in 0..contents.len() {
        page(&mut pdf, &places, index, &canvas, note);
    }
    structure(&mut pdf, &canvas, note, &places);
    if let Some(link) = &canvas.link {
        annotation(&mut pdf, note, link, info);
    }
    let contents: Vec<_> = contents.into_iter().map(Content::finish).collect();
    for (content, place) in contents.iter().zip(&places.contents) {
        pdf.stream(*place, &pack(content)).filter(Filter::FlateDecode);
    }

    let rosette = DRAWN.get_or_init(|| pack(&ornament::rosette()));
    pdf.form_xobject(ROSETTE, rosette).bbox(Rect::new(-1.1, -1.1, 1.1, 1.1)).filter(Filter::FlateDecode);

    for (index, usage) in canvas.used.iter().enumerate() {
        if usage.glyphs.num_gids() > 1 {
            font(&mut pdf, index, usage)?;
        }
    }

    let [year, month, day] = info.created;
    let small = |value: u16| u8::try_from(value).map_err(|_| PrintError::Date);
    let date = || -> Result<Date, PrintError> {
        let date = Date::new(year).month(small(month)?).day(small(day)?);
        Ok(date.hour(0).minute(0).second(0).utc_offset_hour(5).utc_offset_minute(30))
    };
    let mut about = pdf.document_info(INFO);
    about.title(TextStr(&info.title)).author(TextStr(&info.author)).subject(TextStr(info.subject));
    about.creator(TextStr("Mohar")).producer(TextStr(concat!("mohar-print ", env!("CARGO_PKG_VERSION"))));
    about.creation_date(date()?).modified_date(date()?);
    about.finish();
    let parts: Vec<&[u8]> =
        std::iter::once(info.id.as_bytes()).chain(contents.iter().map(Buf::as_slice)).collect();
    pdf.set_file_id((digest(&[info.id.as_bytes()]), digest(&parts)));
    Ok(pdf.finish())
}

fn page(pdf: &mut Pdf, places: &Places, index: usize, canvas: &Canvas, note: Ref) {
    let mut page = pdf.page(places.pages[index]);
    page.parent(PAGES).media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).contents(places.contents[index]);
    // 1 is the link's.
    let parents = if index == 0 { 0 } else { i32::try_from(index).map_or(i32::MAX, |i| i + 1) };
    page.struct_parents(parents).tab_order(TabOrder::StructureOrder);
    if index == 0 && canvas.link.is_some() {
        page.annotations([note]);
    }
    let mut resources = page.resources();
    let mut list = resources.fonts();
    for (index, usage) in canvas.used.iter().enumerate() {
        if usage.glyphs.num_gids() > 1 {
            list.pair(Name(format!("F{index}").as_bytes()), number(FIRST_FONT, index * 5));
        }
    }
    list.finish();
    resources.x_objects().pair(Name(b"Rosette"), ROSETTE);
}

/// Lets the code be touched on a screen, and programs find its text without reading the picture.
fn annotation(pdf: &mut Pdf, id: Ref, link: &Link, info: &Info<'_>) {
    let [x, y, width, height] = link.area;
    let (low, high) = (round(HEIGHT - y - height), round(HEIGHT - y));
    let mut note = pdf.annotation(id);
    note.subtype(AnnotationType::Link).rect(Rect::new(round(x), low, round(x + width), high));
    note.flags(AnnotationFlags::PRINT).border(0.0, 0.0, 0.0, None).struct_parent(1);
    note.contents(TextStr(&info.link.0));
    note.action().action_type(ActionType::Uri).uri(Str(info.link.1.as_bytes()));
}

fn structure(pdf: &mut Pdf, canvas: &Canvas, annotation: Ref, places: &Places) {
    let parents = number(FIRST_ELEMENT, canvas.elements.len());
    let mut root = pdf.indirect(TREE).dict();
    root.pair(Name(b"Type"), Name(b"StructTreeRoot"));
    root.pair(Name(b"K"), number(FIRST_ELEMENT, 0)).pair(Name(b"ParentTree"), parents);
    let pages = i32::try_from(places.pages.len()).unwrap_or(i32::MAX - 1);
    root.pair(Name(b"ParentTreeNextKey"), pages + i32::from(canvas.link.is_some() || pages > 1));
    root.finish();
    let mut children = vec![Vec::new(); canvas.elements.len()];
    for (index, element) in canvas.elements.iter().enumerate().skip(1) {
        children[element.parent].push(number(FIRST_ELEMENT, index));
    }
    let mut owners = vec![vec![]; places.pages.len()];
    for (index, element) in canvas.elements.iter().enumerate() {
        let id = number(FIRST_ELEMENT, index);
        let mut node = pdf.struct_element(id);
        node.kind(element.role).page(places.pages[element.page]);
        node.parent(if index == 0 { TREE } else { number(FIRST_ELEMENT, element.parent) });
        if let Some(lang) = element.lang {
            node.lang(TextStr(lang));
        }
        if let Some(alt) = &element.alt {
            node.alt(TextStr(alt));
        }
        if let Some(mark) = element.content {
            node.children().marked_content_id(mark);
            owners[element.page].push(id);
        } else {
            let mut list = node.children();
            for child in &children[index] {
                list.struct_element(*child);
            }
            if canvas.link.as_ref().is_some_and(|link| link.element == index) {
                list.object_ref().page(PAGE).object(annotation);
            }
        }
    }
    let mut tree = pdf.indirect(parents).dict();
    let mut nums = tree.insert(Name(b"Nums")).array();
    let mut owners = (0..).zip(owners);
    if let Some((_, first)) = owners.next() {
        nums.item(0);
        nums.push().array().items(first);
    }
    if let Some(link) = &canvas.link {
        nums.item(1).item(number(FIRST_ELEMENT, link.element));
    }
    for (page, owners) in owners {
        nums.item(page + 1);
        nums.push().array().items(owners);
    }
}

fn font(pdf: &mut Pdf, index: usize, usage: &Usage) -> Result<(), PrintError> {
    let source = &fonts()[index];
    let failed = PrintError::Font(NAMES[index]);
    let program = subsetter::subset(source.data, 0, &usage.glyphs).map_err(|_| failed)?;
    let refs: [Ref; 5] = std::array::from_fn(|part| number(FIRST_FONT, index * 5 + part));
    let [composite, cid, descriptor, file, map] = refs;
    // six letters that differ whenever the glyphs in use do
    let glyphs: Vec<u8> = usage.glyphs.remapped_gids().flat_map(u16::to_be_bytes).collect();
    let tag: String = digest(&[&glyphs]).iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect();
    let name = format!("{tag}+{}", NAMES[index]);
    let name = Name(name.as_bytes());

    let mut dict = pdf.type0_font(composite);
    dict.base_font(name).encoding_predefined(Name(b"Identity-H")).descendant_font(cid).to_unicode(map);
    dict.finish();
    let mut dict = pdf.cid_font(cid);
    dict.subtype(CidFontType::Type2).base_font(name).system_info(IDENTITY).font_descriptor(descriptor);
    dict.default_width(0.0).cid_to_gid_map_predefined(Name(b"Identity"));
    let widths = usage.glyphs.remapped_gids().map(|glyph| source.advance(glyph) * 1000.0);
    dict.widths().consecutive(0, widths);
    dict.finish();

    let face = &source.face;
    let scale = |value: i16| source.ems(i32::from(value)) * 1000.0;
    let bounds = face.global_bounding_box();
    let bbox = Rect::new(scale(bounds.x_min), scale(bounds.y_min), scale(bounds.x_max), scale(bounds.y_max));
    let mut dict = pdf.font_descriptor(descriptor);
    dict.name(name).flags(FontFlags::SYMBOLIC).bbox(bbox).italic_angle(0.0);
    dict.ascent(scale(face.ascender())).descent(scale(face.descender()));
    dict.cap_height(scale(face.capital_height().unwrap_or(714)));
    dict.stem_v(if index % 2 == 1 { 140.0 } else { 85.0 }).font_file2(file);
    dict.finish();

    let length = i32::try_from(program.len()).unwrap_or(i32::MAX);
    let packed = pack(&program);
    pdf.stream(file, &packed).filter(Filter::FlateDecode).pair(Name(b"Length1"), length);
    let mut cmap = UnicodeCmap::<u16>::new(Name(b"Mohar"), IDENTITY);
    for (glyph, text) in &usage.unicode {
        cmap.pair_with_multiple(*glyph, text.chars());
    }
    pdf.cmap(map, &pack(&cmap.finish())).filter(Filter::FlateDecode);
    Ok(())
}

const _: () = assert!(FONTS == 4);
