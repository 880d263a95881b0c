// Every sentence of the page for many, in both languages, beside those of the portal.

import { strings } from "../strings.js";

Object.assign(strings, {
  title: { en: "Check many at once", hi: "एक साथ कई प्रमाण पत्र जाँचें" },
  bulkHow: {
    en: "Choose a ZIP, PDFs, pictures, or a list of codes. Everything is read and checked on this device; no file leaves it.",
    hi: "ZIP, PDF, फ़ोटो या कोड की सूची चुनें। सब कुछ इसी फ़ोन या कंप्यूटर पर पढ़ा और जाँचा जाता है; कोई फ़ाइल बाहर नहीं जाती।",
  },
  purpose: { en: "What are they needed for?", hi: "ये किस काम के लिए चाहिए?" },
  noPurpose: { en: "No particular purpose", hi: "कोई खास काम नहीं" },
  chooseFiles: { en: "Choose files", hi: "फ़ाइलें चुनें" },
  chooseFolder: { en: "Choose a folder", hi: "फ़ोल्डर चुनें" },
  dropNote: { en: "You can also drop files and folders here.", hi: "फ़ाइलें और फ़ोल्डर यहाँ खींचकर भी छोड़ सकते हैं।" },
  listTitle: { en: "How should a list look?", hi: "सूची कैसी होनी चाहिए?" },
  listHow: {
    en: "A CSV file with a column “code”: the link or the digits of each QR code. A column “id” names the rows, a column “purpose” may ask for each row.",
    hi: "एक CSV फ़ाइल, जिसके “code” स्तंभ में हर QR कोड का लिंक या अंक हों। “id” स्तंभ पंक्ति का नाम बताता है, और “purpose” स्तंभ में हर पंक्ति का प्रयोजन लिख सकते हैं।",
  },
  limits: {
    en: "At most 10,000 at once, and 20 MB a file (a ZIP may be larger).",
    hi: "एक बार में 10,000 तक, और हर फ़ाइल 20 एमबी तक (ZIP इससे बड़ी हो सकती है)।",
  },
  checkOne: { en: "Check a single certificate", hi: "एक प्रमाण पत्र जाँचें" },

  opening: { en: "Opening the files…", hi: "फ़ाइलें खोली जा रही हैं…" },
  running: { en: "Checking…", hi: "जाँच हो रही है…" },
  count: { en: "{done} of {all} checked", hi: "{all} में से {done} जाँचे गए" },
  cancel: { en: "Stop", hi: "रोकें" },
  finished: { en: "Finished", hi: "जाँच पूरी हुई" },
  cancelled: { en: "Stopped", hi: "जाँच रोकी गई" },
  sum: {
    en: "{all} checked: {genuine} genuine, {refused} not accepted, {undecided} not decided.",
    hi: "{all} जाँचे गए: {genuine} असली, {refused} अमान्य, {undecided} तय नहीं हो सके।",
  },
  left: { en: "{left} were not checked.", hi: "{left} की जाँच नहीं हुई।" },
  comparePapers: {
    en: "This checks the codes. Whether each paper says the same as its code is not compared here: compare the names, or use “mohar verify”, which does.",
    hi: "यहाँ कोड जाँचे जाते हैं। कागज़ पर वही लिखा है या नहीं, यह यहाँ नहीं मिलाया जाता: नाम खुद मिलाएँ, या “mohar verify” चलाएँ, जो यह भी मिलाता है।",
  },
  show: { en: "Show", hi: "दिखाएँ" },
  all: { en: "All", hi: "सभी" },
  genuine: { en: "Genuine", hi: "असली" },
  refused: { en: "Not accepted", hi: "अमान्य" },
  undecided: { en: "Not decided", hi: "तय नहीं हो सका" },
  name: { en: "File or row", hi: "फ़ाइल या पंक्ति" },
  result: { en: "Result", hi: "नतीजा" },
  certificate: { en: "Certificate", hi: "प्रमाण पत्र" },
  holder: { en: "Holder", hi: "धारक" },
  noRows: { en: "None of these.", hi: "ऐसा कोई नहीं।" },
  more: { en: "Show {more} more", hi: "{more} और दिखाएँ" },

  keep: { en: "Keep the results", hi: "नतीजे रखें" },
  csv: { en: "Download the list (CSV)", hi: "सूची डाउनलोड करें (CSV)" },
  csvNote: { en: "Opens in any spreadsheet. It is made on this device.", hi: "किसी भी स्प्रेडशीट में खुलती है। यह इसी फ़ोन या कंप्यूटर पर बनती है।" },
  signed: { en: "Get a signed report (PDF)", hi: "हस्ताक्षर वाली रिपोर्ट लें (PDF)" },
  signedNote: {
    en: "For this the codes and the names of the rows are sent to our server, which checks the codes again and keeps nothing. The files stay here. Rows without a code are left out.",
    hi: "इसके लिए कोड और पंक्तियों के नाम हमारे सर्वर को भेजे जाते हैं, जो कोड फिर जाँचता है और कुछ नहीं रखता। फ़ाइलें यहीं रहती हैं। बिना कोड की पंक्तियाँ रिपोर्ट में नहीं आतीं।",
  },
  signing: { en: "The server is checking…", hi: "सर्वर जाँच रहा है…" },
  signedDone: { en: "The report has been downloaded.", hi: "रिपोर्ट डाउनलोड हो गई।" },
  signedFailed: { en: "The report could not be fetched. Try again in a minute.", hi: "रिपोर्ट नहीं मिल सकी। एक मिनट बाद फिर कोशिश करें।" },
  signedNone: { en: "No code was read, so there is nothing to report.", hi: "कोई कोड नहीं पढ़ा गया, इसलिए रिपोर्ट में लिखने को कुछ नहीं है।" },
  anotherLot: { en: "Check others", hi: "दूसरे जाँचें" },

  tooMany: { en: "These are more than 10,000. Choose fewer at once.", hi: "ये 10,000 से ज़्यादा हैं। एक बार में इससे कम चुनें।" },
  nothing: { en: "There is nothing to check in this.", hi: "इसमें जाँचने को कुछ नहीं है।" },
  spoiled: { en: "{name} cannot be opened: it is damaged, or not a ZIP.", hi: "{name} खुल नहीं सकी: यह ख़राब है, या ZIP नहीं है।" },
  large: { en: "{name} is larger than 20 MB.", hi: "{name} 20 एमबी से बड़ी है।" },
  offlineFirst: {
    en: "This device has not checked a certificate before, so it needs the internet once. Connect and try again.",
    hi: "इस फ़ोन या कंप्यूटर पर पहले कोई जाँच नहीं हुई है, इसलिए एक बार इंटरनेट चाहिए। जुड़कर फिर कोशिश करें।",
  },
  notCapable: {
    en: "This browser is too old: it cannot check the signatures by itself. Use a newer one.",
    hi: "यह ब्राउज़र पुराना है: खुद हस्ताक्षर नहीं जाँच सकता। नया ब्राउज़र इस्तेमाल करें।",
  },
  fileLarge: { en: "This file is larger than 20 MB.", hi: "यह फ़ाइल 20 एमबी से बड़ी है।" },
  fileLocked: { en: "This file in the ZIP is locked with a password.", hi: "ZIP की इस फ़ाइल पर पासवर्ड लगा है।" },
  fileSpoiled: { en: "This file cannot be read.", hi: "यह फ़ाइल पढ़ी नहीं जा सकती।" },
  badPurpose: { en: "The list names a purpose that does not exist.", hi: "सूची में ऐसा प्रयोजन लिखा है जो है ही नहीं।" },
  noCode: {
    en: "This device found no code in the file. Check it singly: our server reads more kinds of files.",
    hi: "इस फ़ाइल में कोई कोड नहीं मिला। इसे अलग से जाँचें: हमारा सर्वर और तरह की फ़ाइलें भी पढ़ता है।",
  },
  notRead: { en: "Not read", hi: "पढ़ा नहीं गया" },
});
