//! What citizens attach, and what is refused with a reason: files that are not what their name says,
//! damaged, too large, locked, or with a program inside.

use mohar_schemas::catalogue::published;
use mohar_tests::Service;
use mohar_tests::journey::{PNG, citizen};
use std::path::Path;
use std::process::Command;

fn run(program: &str, arguments: &[&str]) {
    let done = Command::new(program).args(arguments).status();
    assert!(done.expect("a program that tests/run installs").success(), "{program} {arguments:?}");
}

/// A PDF of one empty page, with something more in its catalogue.
fn pdf(more: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut starts = vec![];
    let catalogue = format!("<< /Type /Catalog /Pages 2 0 R {more} >>");
    for object in [
        catalogue.as_str(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
    ] {
        starts.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", starts.len()).bytes());
    }
    let table = out.len();
    out.extend(b"xref\n0 4\n0000000000 65535 f \n");
    for start in starts {
        out.extend(format!("{start:010} 00000 n \n").bytes());
    }
    out.extend(format!("trailer << /Size 4 /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n").bytes());
    out
}

/// A small file that claims 900 million pixels, and keeps its word.
fn bomb(path: &Path) -> Vec<u8> {
    let script = "import struct,sys,zlib\n\
        c=lambda t,d: struct.pack('>I',len(d))+t+d+struct.pack('>I',zlib.crc32(t+d))\n\
        z=zlib.compressobj(9); d=b''.join(z.compress(b'\\0'*3751) for _ in range(30000))+z.flush()\n\
        open(sys.argv[1],'wb').write(b'\\x89PNG\\r\\n\\x1a\\n'+c(b'IHDR',struct.pack('>IIBBBBB',30000,30000,1,0,0,0,0))+c(b'IDAT',d)+c(b'IEND',b''))\n";
    run("python3", &["-c", script, &path.display().to_string()]);
    std::fs::read(path).expect("the bomb")
}

/// The PDF under a password of the owner or of the reader.
fn locked(folder: &Path, user: &str) -> Vec<u8> {
    let (open, closed) = (folder.join("open.pdf"), folder.join("closed.pdf"));
    std::fs::write(&open, pdf("")).expect("a file");
    let (open, closed) = (open.display().to_string(), closed.display().to_string());
    run("qpdf", &["--encrypt", user, "owner", "256", "--", &open, &closed]);
    std::fs::read(closed).expect("the locked file")
}

#[test]
fn what_cannot_be_kept_is_refused_in_words() {
    let running = Service::start("uploads");
    let visitor = citizen(&running);
    let kind = &published().service("income").expect("a service").documents[0].kind;
    let (_, page) = visitor.send("/apply/s/income", &[]);
    let number = page.split("/apply/a/").nth(1).and_then(|r| r.get(..16)).expect("a number").to_owned();
    let at = format!("/apply/a/{number}/files/{kind}");
    let script = "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>";
    let launch = "/OpenAction << /S /Launch /F (program) >>";
    let broken = [&PNG[..200], &[0; 300]].concat();
    for (bytes, why) in [
        (vec![], "Choose a file first"),
        (b"GIF89a, whatever the name says".to_vec(), "not one of the formats"),
        (vec![b' '; 5_900_000], "too large"),
        (broken, "does not open"),
        (pdf("")[..120].to_vec(), "does not open"),
        (bomb(&running.dir.join("bomb.png")), "too large a picture"),
        (pdf(script), "contains a program"),
        (pdf(launch), "contains a program"),
        (locked(&running.dir, "secret"), "protected by a password"),
        (locked(&running.dir, ""), "protected by a password"),
    ] {
        let (_, page) = visitor.attach(&at, &bytes);
        assert!(page.contains(why), "{why}: {}", page.split("<main").nth(1).unwrap_or(&page));
        assert!(!page.contains(&at.replace("/apply", "href=\"/apply")), "{why}: it was kept");
    }
    for good in [PNG.to_vec(), pdf("")] {
        visitor.attach(&at, &good);
        assert_eq!(visitor.open(&at), (200, good), "what is in order is kept as it was");
    }
}
