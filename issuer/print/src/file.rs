//! The PDF file around the page: fonts, structure tree, dates and identifier.

use std::cell::RefCell;
use std::sync::OnceLock;

use miniz_oxide::deflate::core::{
    CompressorOxide, TDEFLFlush, compress_to_output, create_comp_flags_from_zip_params,
};
use pdf_writer::{
    Date, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr,
    types::{
        ActionType, AnnotationFlags, AnnotationType, CidFontType, FontFlags, SystemInfo, TabOrder,
        UnicodeCmap,
    },
};

use crate::{
    PrintError, Sheet,
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

/// Writes the file.
pub fn assemble(sheet: &Sheet, canvas: Canvas) -> Result<Vec<u8>, PrintError> {
    let mut pdf = Pdf::new();
    pdf.set_version(1, 7);
    let mut catalog = pdf.catalog(CATALOG);
    catalog.pages(PAGES).lang(TextStr("hi-IN"));
    catalog.viewer_preferences().display_doc_title(true);
    catalog.mark_info().marked(true);
    catalog.pair(Name(b"StructTreeRoot"), TREE);
    catalog.finish();
    pdf.pages(PAGES).kids([PAGE]).count(1);

    let mut page = pdf.page(PAGE);
    page.parent(PAGES).media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).contents(CONTENT);
    page.struct_parents(0).tab_order(TabOrder::StructureOrder);
    let note = number(FIRST_ELEMENT, canvas.elements.len() + 1);
    if canvas.link.is_some() {
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
    resources.finish();
    page.finish();

    structure(&mut pdf, &canvas, note);
    if let Some(link) = &canvas.link {
        annotation(&mut pdf, note, link, sheet);
    }
    let content = canvas.content.finish();
    pdf.stream(CONTENT, &pack(&content)).filter(Filter::FlateDecode);

    let rosette = DRAWN.get_or_init(|| pack(&ornament::rosette()));
    pdf.form_xobject(ROSETTE, rosette).bbox(Rect::new(-1.1, -1.1, 1.1, 1.1)).filter(Filter::FlateDecode);

    for (index, usage) in canvas.used.iter().enumerate() {
        if usage.glyphs.num_gids() > 1 {
            font(&mut pdf, index, usage)?;
        }
    }

    let [year, month, day] = sheet.created;
    let small = |value: u16| u8::try_from(value).map_err(|_| PrintError::Date);
    let date = || -> Result<Date, PrintError> {
        let date = Date::new(year).month(small(month)?).day(small(day)?);
        Ok(date.hour(0).minute(0).second(0).utc_offset_hour(5).utc_offset_minute(30))
    };
    let title = format!("{} / {} – {}", sheet.title_hi, sheet.title_en, sheet.number);
    let author = format!("{} / {}", sheet.office_hi, sheet.office_en);
    let mut info = pdf.document_info(INFO);
    info.title(TextStr(&title)).author(TextStr(&author)).subject(TextStr(&sheet.law_en));
    info.creator(TextStr("Mohar")).producer(TextStr(concat!("mohar-print ", env!("CARGO_PKG_VERSION"))));
    info.creation_date(date()?).modified_date(date()?);
    info.finish();
    pdf.set_file_id((digest(&[sheet.id.as_bytes()]), digest(&[sheet.id.as_bytes(), &content])));
    Ok(pdf.finish())
}

/// Lets the code be touched on a screen, and programs find its text without reading the picture.
fn annotation(pdf: &mut Pdf, id: Ref, link: &Link, sheet: &Sheet) {
    let [x, y, width, height] = link.area;
    let (low, high) = (round(HEIGHT - y - height), round(HEIGHT - y));
    let mut note = pdf.annotation(id);
    note.subtype(AnnotationType::Link).rect(Rect::new(round(x), low, round(x + width), high));
    note.flags(AnnotationFlags::PRINT).border(0.0, 0.0, 0.0, None).struct_parent(1);
    note.contents(TextStr(&format!("{} / जाँचें", sheet.host)));
    note.action().action_type(ActionType::Uri).uri(Str(sheet.link.as_bytes()));
}

fn structure(pdf: &mut Pdf, canvas: &Canvas, annotation: Ref) {
    let parents = number(FIRST_ELEMENT, canvas.elements.len());
    let mut root = pdf.indirect(TREE).dict();
    root.pair(Name(b"Type"), Name(b"StructTreeRoot"));
    root.pair(Name(b"K"), number(FIRST_ELEMENT, 0)).pair(Name(b"ParentTree"), parents);
    root.pair(Name(b"ParentTreeNextKey"), 1 + i32::from(canvas.link.is_some()));
    root.finish();
    let mut children = vec![Vec::new(); canvas.elements.len()];
    for (index, element) in canvas.elements.iter().enumerate().skip(1) {
        children[element.parent].push(number(FIRST_ELEMENT, index));
    }
    let mut owners = Vec::new();
    for (index, element) in canvas.elements.iter().enumerate() {
        let id = number(FIRST_ELEMENT, index);
        let mut node = pdf.struct_element(id);
        node.kind(element.role).page(PAGE);
        node.parent(if index == 0 { TREE } else { number(FIRST_ELEMENT, element.parent) });
        if let Some(lang) = element.lang {
            node.lang(TextStr(lang));
        }
        if let Some(alt) = &element.alt {
            node.alt(TextStr(alt));
        }
        if let Some(mark) = element.content {
            node.children().marked_content_id(mark);
            owners.push(id);
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
    nums.item(0);
    nums.push().array().items(owners);
    if let Some(link) = &canvas.link {
        nums.item(1).item(number(FIRST_ELEMENT, link.element));
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
