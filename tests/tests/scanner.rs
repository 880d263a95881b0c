//! The scanner and the reading of files, in Chromium with a camera that plays a film of printed pages.

use image::{GrayImage, Luma};
use mohar_tests::browser::Browser;
use mohar_tests::film::{HELD_IN_HAND, of_page, of_picture};
use mohar_tests::recorder::Recorder;
use mohar_tests::{Service, sample};
use serde_json::{Value, json};
use std::path::PathBuf;

/// A certificate that was issued, and its printed page.
struct Paper {
    certificate: Value,
    pdf: PathBuf,
}

impl Paper {
    fn issued(service: &Service, name: &str) -> Self {
        let certificate = service.issue(&sample(name), name);
        let id = certificate["id"].as_str().expect("id");
        let pdf = service.dir.join(format!("{name}.pdf"));
        std::fs::write(&pdf, service.get_as_caller(&format!("/v1/certificates/{id}/pdf"))).expect("written");
        Self { certificate, pdf }
    }

    fn digits(&self) -> &str {
        self.certificate["qr"].as_str().and_then(|qr| qr.split_once('#')).expect("a fragment").1
    }
}

fn text(browser: &mut Browser) -> String {
    browser.eval("document.querySelector('main').innerText").as_str().unwrap_or_default().to_owned()
}

fn click(browser: &mut Browser, id: &str) {
    browser.eval(&format!("document.getElementById('{id}').click()"));
}

fn opened(browser: &mut Browser, url: &str) {
    browser.open(url);
    browser.wait("document.documentElement.dataset.view === 'home'");
}

/// No twelve digits in a row of a code, in any request, header or body.
fn assert_nothing_left(net: &Recorder, digits: &str) {
    let sent = net.sent();
    for part in digits.as_bytes().windows(12) {
        let part = std::str::from_utf8(part).expect("digits");
        assert!(!sent.contains(part), "{part} left the browser");
    }
}

/// A code drawn as black squares, eight pixels each, on white.
fn code(text: &str) -> GrayImage {
    let code = qrcode::QrCode::new(text).expect("it fits");
    let (side, colors) = (code.width(), code.to_colors());
    let pixels = u32::try_from((side + 8) * 8).expect("small");
    GrayImage::from_fn(pixels, pixels, |x, y| {
        let module = |at: u32| (at as usize / 8).checked_sub(4).filter(|m| *m < side);
        let dark = module(x).zip(module(y)).is_some_and(|(x, y)| colors[y * side + x] == qrcode::Color::Dark);
        Luma([if dark { 0 } else { 255 }])
    })
}

#[test]
fn the_printed_page_is_read_by_the_camera_and_again_without_a_network() {
    let service = Service::start("scanner");
    let net = Recorder::start(&service.base_url);
    let paper = Paper::issued(&service, "caste-sc");
    let mut browser = Browser::with_camera("scanner", &of_page(&paper.pdf, HELD_IN_HAND));
    opened(&mut browser, &net.base_url);
    let before = net.sent();
    assert!(!before.contains("/decoder/"), "the decoder comes when the scanner opens, not before");
    click(&mut browser, "scan");
    assert_eq!(browser.verdict(), "genuine");
    assert!(text(&mut browser).contains("Ravi Kumar"));
    assert_eq!(browser.eval("document.getElementById('video').srcObject"), Value::Null, "the camera is off");
    browser.wait("caches.match('/decoder/reader/zxing_reader.wasm').then(Boolean)");
    browser.wait("localStorage.getItem('mohar-lists-2/status')");

    net.cut();
    // The page is opened anew: everything comes from what was kept.
    opened(&mut browser, &net.base_url);
    click(&mut browser, "scan");
    assert_eq!(browser.verdict(), "genuine");
    let offline = text(&mut browser);
    assert!(offline.contains("Status as of") && offline.contains("today"), "{offline}");
    assert_nothing_left(&net, paper.digits());
    assert!(!net.sent().contains("POST"), "no picture left, either");
}

#[test]
fn the_check_post_goes_from_one_to_the_next_and_keeps_nothing() {
    let service = Service::start("post");
    let paper = Paper::issued(&service, "income");
    let mut browser = Browser::with_camera("post", &of_page(&paper.pdf, HELD_IN_HAND));
    let counting = "window.signals = []; navigator.vibrate = (p) => signals.push(p); const start = OscillatorNode.prototype.start; OscillatorNode.prototype.start = function (t) { signals.push('tone'); return start.call(this, t); };";
    browser.call("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": counting }));
    opened(&mut browser, &service.base_url);
    click(&mut browser, "post");
    browser.wait("document.querySelector('#passed[data-tone=good] h2')");
    let shown = text(&mut browser);
    assert!(shown.contains("Genuine") && shown.contains("Sunita Devi"), "{shown}");
    assert_eq!(browser.eval("document.getElementById('video').srcObject !== null"), true, "it goes on");
    assert_eq!(browser.eval("JSON.stringify(signals)"), "[[80],\"tone\",\"tone\"]", "felt and heard once");
    click(&mut browser, "another");
    assert_eq!(browser.eval("document.getElementById('passed').innerText"), "");
    let kept = "(async () => { let all = JSON.stringify([localStorage, sessionStorage, location.href]); for (const name of await caches.keys()) { const cache = await caches.open(name); for (const request of await cache.keys()) all += request.url + await (await cache.match(request)).text(); } return all; })()";
    let kept = browser.eval(kept).as_str().expect("a text").to_owned();
    assert!(!kept.contains("Sunita") && !kept.contains(&paper.digits()[..24]), "something was kept");
}

#[test]
fn a_link_to_another_site_is_named_beside_the_verdict() {
    let service = Service::start("look-alike");
    let paper = Paper::issued(&service, "income");
    let picture = service.dir.join("look-alike.png");
    code(&format!("https://mohar-delhi.example/#{}", paper.digits())).save(&picture).expect("saved");
    let film = of_picture(&picture, "scale=680:680,pad=1280:720:300:20:gray");
    let mut browser = Browser::with_camera("look-alike", &film);
    opened(&mut browser, &service.base_url);
    click(&mut browser, "scan");
    assert_eq!(browser.verdict(), "genuine", "the host says nothing about the certificate");
    let shown = text(&mut browser);
    assert!(shown.contains("“mohar-delhi.example”, which is not our site"), "{shown}");
}

#[test]
fn light_zoom_and_another_camera_are_at_hand_where_the_phone_has_them() {
    let service = Service::start("torch");
    let paper = Paper::issued(&service, "income");
    let mut browser = Browser::with_camera("torch", &of_page(&paper.pdf, "gblur=sigma=14"));
    // The film's camera has neither: what a phone's says and takes is put in its place.
    let phone = "window.asked = [];
        MediaStreamTrack.prototype.getCapabilities = () => ({ torch: true, zoom: { min: 1, max: 8, step: 0.5 } });
        MediaStreamTrack.prototype.applyConstraints = async ({ advanced: [wish] }) => { asked.push(wish); };
        const own = MediaDevices.prototype.enumerateDevices;
        MediaDevices.prototype.enumerateDevices = async function () { const [camera] = (await own.call(this)).filter((d) => d.kind === 'videoinput');
            return [camera, { kind: 'videoinput', deviceId: 'wide', label: 'Back Ultra Wide Camera' }]; };";
    browser.call("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": phone }));
    opened(&mut browser, &service.base_url);
    click(&mut browser, "scan");
    browser.wait("!document.getElementById('torch').hidden && !document.getElementById('zoom-label').hidden");
    assert_eq!(browser.eval("document.getElementById('camera').options.length"), 2);
    assert_eq!(browser.eval("asked"), json!([{ "focusMode": "continuous" }]), "the first camera stays");
    click(&mut browser, "torch");
    assert_eq!(browser.eval("document.getElementById('torch').getAttribute('aria-pressed')"), "true");
    browser.eval("(() => { const zoom = document.getElementById('zoom'); zoom.value = 3; zoom.dispatchEvent(new Event('input')); })()");
    assert_eq!(browser.eval("asked.slice(1)"), json!([{ "torch": true }, { "zoom": 3 }]));
    if let Some(folder) = std::env::var_os("MOHAR_PICTURES") {
        browser.resize(320, 640, 2.0);
        browser.picture(&PathBuf::from(folder).join("portal-tools.png"));
    }
}

#[test]
fn a_file_may_be_dropped_and_several_codes_in_one_are_said() {
    let service = Service::start("drop");
    let links = ["income", "caste-sc"].map(|name| {
        let paper = Paper::issued(&service, name);
        format!("(https://v.example/#{})", paper.digits())
    });
    let mut browser = Browser::start("drop");
    opened(&mut browser, &service.base_url);
    let mut drop = |pdf: &str| {
        browser.eval(&format!(
            "(() => {{ const dataTransfer = new DataTransfer(); dataTransfer.items.add(new File([{}], 'a.pdf', {{ type: 'application/pdf' }}));
            document.body.dispatchEvent(new DragEvent('drop', {{ dataTransfer, bubbles: true, cancelable: true }})); }})()",
            json!(pdf)
        ));
        assert_eq!(browser.verdict(), "genuine");
        let shown = text(&mut browser);
        click(&mut browser, "another");
        shown
    };
    let one = drop(&format!("%PDF-1.4\n{}", links[0]));
    assert!(one.contains("Sunita Devi") && !one.contains("codes"), "{one}");
    let two = drop(&format!("%PDF-1.4\n{} {}", links[0], links[1]));
    assert!(two.contains("Sunita Devi") && two.contains("The file has 2 codes; this is the first"), "{two}");
}

#[test]
fn the_scanner_says_what_to_do_where_nothing_can_be_read() {
    let service = Service::start("hints");
    let paper = Paper::issued(&service, "income");
    for (name, spoilt, said) in [
        ("dark", "eq=brightness=-0.75", "Too dark"),
        ("far", "scale=300:-1,gblur=sigma=0.7,pad=1280:720:400:250:0xb0b0b0", "Too far"),
        ("blurred", "gblur=sigma=14", "Blurred"),
    ] {
        let mut browser = Browser::with_camera(name, &of_page(&paper.pdf, spoilt));
        opened(&mut browser, &service.base_url);
        click(&mut browser, "scan");
        let hint = format!("document.getElementById('hint').textContent.startsWith('{said}')");
        browser.wait(&hint);
        assert_eq!(browser.eval("document.documentElement.dataset.view"), "scan", "{name}");
    }
}

#[test]
fn without_a_camera_there_is_a_way_on() {
    let service = Service::start("no-camera");
    let mut browser = Browser::start("no-camera");
    opened(&mut browser, &service.base_url);
    click(&mut browser, "scan");
    browser.wait("document.documentElement.dataset.view === 'failed'");
    assert!(text(&mut browser).contains("Choose a picture or PDF"));
}

#[test]
fn the_main_camera_at_the_back_is_preferred() {
    let service = Service::start("cameras");
    let mut browser = Browser::start("cameras");
    opened(&mut browser, &service.base_url);
    let mut preferred = |labels: &[&str]| {
        let devices: Vec<_> = labels.iter().map(|l| json!({ "deviceId": l, "label": l })).collect();
        browser.eval(&format!(
            "import('/js/scanner/camera.js').then((m) => m.preferred({}))",
            Value::Array(devices)
        ))
    };
    let android = ["camera2 1, facing front", "camera2 2, facing back", "camera2 0, facing back"];
    assert_eq!(preferred(&android), "camera2 0, facing back");
    let apple = ["Front Camera", "Back Ultra Wide Camera", "Back Telephoto Camera", "Back Camera"];
    assert_eq!(preferred(&apple), "Back Camera");
    assert_eq!(preferred(&["सामने का कैमरा", "पीछे का कैमरा"]), "पीछे का कैमरा");
    assert_eq!(preferred(&["Integrated Webcam"]), Value::Null, "the browser's own choice");
}

#[test]
fn files_are_read_on_the_device() {
    let service = Service::start("files");
    let net = Recorder::start(&service.base_url);
    let paper = Paper::issued(&service, "caste-sc");
    let at = |name: &str| service.dir.join(name);
    let run = |program: &str, arguments: &[&str]| {
        let done = std::process::Command::new(program).current_dir(&service.dir).args(arguments).status();
        assert!(done.is_ok_and(|s| s.success()), "{program}; tests/run installs it");
    };
    run("pdftoppm", &["-r", "150", "-jpeg", "-singlefile", "caste-sc.pdf", "photo"]);
    run(
        "ffmpeg",
        &[
            "-v",
            "error",
            "-y",
            "-i",
            "photo.jpg",
            "-vf",
            "rotate=0.3:ow=rotw(0.3):oh=roth(0.3):fillcolor=gray,gblur=sigma=1",
            "tilted.png",
        ],
    );
    run("qpdf", &["--object-streams=generate", "caste-sc.pdf", "packed.pdf"]);
    std::fs::write(at("scan.pdf"), scanned(&at("photo.jpg"))).expect("written");
    let mut browser = Browser::start("files");
    opened(&mut browser, &net.base_url);
    for name in ["caste-sc.pdf", "packed.pdf", "scan.pdf", "photo.jpg", "tilted.png"] {
        browser.choose("#file", &at(name));
        assert_eq!(browser.verdict(), "genuine", "{name}");
        let shown = text(&mut browser);
        assert!(shown.contains("Ravi Kumar") && shown.contains("Checked on this device"), "{name}: {shown}");
        click(&mut browser, "another");
        browser.wait("document.documentElement.dataset.view === 'home'");
    }
    assert_nothing_left(&net, paper.digits());
    // What this device cannot read (a code drawn anew, without its link) is sent only when the reader says so.
    run("pdftocairo", &["-pdf", "caste-sc.pdf", "drawn.pdf"]);
    browser.choose("#file", &at("drawn.pdf"));
    browser.wait("document.documentElement.dataset.view === 'unread'");
    assert!(!net.sent().contains("POST"), "nothing was sent yet");
    click(&mut browser, "server");
    assert_eq!(browser.verdict(), "genuine");
    assert!(text(&mut browser).contains("Checked at our server"));
}

/// A PDF of one page that is a JPEG picture, as apps that scan with the phone's camera write it.
fn scanned(jpeg: &std::path::Path) -> Vec<u8> {
    let picture = std::fs::read(jpeg).expect("the picture");
    let (width, height) = image::image_dimensions(jpeg).expect("a picture");
    let mut pdf = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</I 4 0 R>>>>/Contents 5 0 R>>\nendobj\n".to_vec();
    let head = format!(
        "4 0 obj\n<</Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode/Length {}>>\nstream\n",
        picture.len()
    );
    pdf.extend([head.as_bytes(), &picture, b"\nendstream\nendobj\n"].concat());
    pdf.extend(b"5 0 obj\n<</Length 32>>\nstream\nq 595 0 0 842 0 0 cm /I Do Q      \nendstream\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n");
    pdf
}
