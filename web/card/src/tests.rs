use super::*;
use crate::film::{FILMS, Film, film};

const LANGUAGES: [Language; 2] = [Language::English, Language::Hindi];
/// Half a second on a slow connection.
const PICTURE_BYTES_MAX: usize = 200 << 10;
const FILM_BYTES_MAX: usize = 1 << 20;

#[test]
fn every_scheme_has_a_picture_in_both_languages() {
    for scheme in published().schemes() {
        let pictures = LANGUAGES.map(|language| {
            let bytes = picture(&scheme.id, language).unwrap();
            let at = format!("{} {language:?}: {} bytes", scheme.id, bytes.len());
            let reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
            assert_eq!((reader.info().width, reader.info().height), SIZE, "{at}");
            assert!((20 << 10..PICTURE_BYTES_MAX).contains(&bytes.len()), "{at}");
            // Drawn once; afterwards the same bytes are handed out.
            assert!(std::ptr::eq(bytes, picture(&scheme.id, language).unwrap()), "{at}");
            assert_eq!(draw(scheme, language), bytes, "{at}: the same data, the same bytes");
            bytes
        });
        assert_ne!(pictures[0], pictures[1], "{}", scheme.id);
    }
    assert_eq!(picture("no-such-scheme", Language::Hindi), None);
}

#[test]
fn nothing_runs_out_of_its_place() {
    for scheme in published().schemes() {
        for language in LANGUAGES {
            let overfull = picture::overfull(published(), scheme, language);
            assert_eq!(overfull, Vec::<String>::new(), "{} {language:?}", scheme.id);
        }
    }
}

#[test]
fn films_say_what_the_schemes_say_now() {
    let mut made: Vec<&str> = FILMS.iter().map(|(name, _)| *name).collect();
    for scheme in published().schemes().iter().filter(|s| s.film) {
        for language in LANGUAGES {
            let at = format!("{} {language:?}: make the films anew", scheme.id);
            let bytes = film(&scheme.id, language).expect(&at);
            let digest = Film::of(&scheme.id, language).unwrap().digest();
            let carried = bytes.windows(digest.len()).any(|w| w == digest.as_bytes());
            assert!(carried, "{at}");
            assert!(bytes.len() <= FILM_BYTES_MAX, "{at}: {} bytes", bytes.len());
            let seconds = Film::of(&scheme.id, language).unwrap().seconds();
            assert!((20.0..=30.0).contains(&seconds), "{at}: {seconds} s");
            made.retain(|name| *name != format!("{}-{}", scheme.id, language.code()));
        }
    }
    assert_eq!(made, Vec::<&str>::new(), "films of nothing");
    assert!(Film::of("e-shram", Language::Hindi).is_none() && film("e-shram", Language::Hindi).is_none());
}

#[test]
fn a_film_moves_from_its_name_to_who_decides() {
    let film = Film::of("ladli", Language::Hindi).unwrap();
    let (first, middle, last) =
        (film.frame(30), film.frame(film.frames() / 2), film.frame(film.frames() - 1));
    assert_eq!(first.len(), 720 * 720 * 3);
    assert!(first != middle && middle != last);
    // Beyond the end it stands still.
    assert_eq!(film.frame(film.frames() + 1_000), film.frame(film.frames() + 2_000));
}
