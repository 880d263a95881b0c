// Every sentence of the portal, in both languages.

export const strings = {
  title: { en: "Check a certificate", hi: "प्रमाण पत्र की जाँच" },
  toggle: { en: "हिन्दी", hi: "English" },
  checking: { en: "Checking…", hi: "जाँच हो रही है…" },
  how: {
    en: "Scan the code on a certificate of the Delhi government. The check happens on this device, with or without internet.",
    hi: "दिल्ली सरकार के प्रमाण पत्र पर छपा कोड स्कैन करें। जाँच इसी फ़ोन या कंप्यूटर पर होती है, इंटरनेट हो या न हो।",
  },
  scan: { en: "Scan the code", hi: "कोड स्कैन करें" },
  post: { en: "Check many in a row", hi: "एक के बाद एक कई जाँचें" },
  picture: { en: "Choose a picture or PDF", hi: "फ़ोटो या पीडीएफ चुनें" },
  pictureNote: {
    en: "It is read on this device. You can also drop the file here.",
    hi: "इसे इसी फ़ोन या कंप्यूटर पर पढ़ा जाता है। फ़ाइल को यहाँ खींचकर भी छोड़ सकते हैं।",
  },
  paste: { en: "Text or digits of the code", hi: "कोड का पाठ या अंक" },
  bulk: { en: "Check many files or a list", hi: "कई फ़ाइलें या पूरी सूची जाँचें" },
  check: { en: "Check", hi: "जाँचें" },
  byNumber: { en: "No code at hand? Check by certificate number", hi: "कोड नहीं है? प्रमाण पत्र संख्या से जाँचें" },
  apply: { en: "Apply for a certificate", hi: "प्रमाण पत्र के लिए आवेदन करें" },
  offline: {
    en: "Ready to check without internet. Withdrawn certificates are known as of {time}.",
    hi: "इंटरनेट के बिना जाँच के लिए तैयार। रद्द प्रमाण पत्रों की जानकारी {time} तक की है।",
  },

  scanTitle: { en: "Scan the code", hi: "कोड स्कैन करें" },
  postTitle: { en: "Check one after another", hi: "एक के बाद एक जाँचें" },
  postNote: {
    en: "Each answer is shown, heard and felt. Nothing of a certificate is kept.",
    hi: "हर जवाब स्क्रीन पर, आवाज़ से और कंपन से मिलता है। प्रमाण पत्र की कोई जानकारी रखी नहीं जाती।",
  },
  aim: { en: "Hold the code inside the frame.", hi: "कोड को चौखटे के अंदर रखें।" },
  dark: { en: "Too dark. Turn on the light or go where it is brighter.", hi: "बहुत अँधेरा है। लाइट जलाएँ या उजाले में जाएँ।" },
  glare: { en: "Too bright. Tilt the paper a little.", hi: "बहुत चमक है। कागज़ को थोड़ा तिरछा करें।" },
  far: { en: "Too far. Move closer to the code.", hi: "बहुत दूर है। कोड के पास लाएँ।" },
  soft: { en: "Blurred. Hold still, a hand’s width away.", hi: "तस्वीर धुंधली है। एक बित्ता दूर रखकर फ़ोन स्थिर पकड़ें।" },
  closer: {
    en: "No code yet. Show the whole code, and smooth the paper.",
    hi: "अभी कोई कोड नहीं मिला। पूरा कोड दिखाएँ और कागज़ की सिलवटें सीधी करें।",
  },
  torch: { en: "Light", hi: "लाइट" },
  zoom: { en: "Zoom", hi: "ज़ूम" },
  camera: { en: "Camera", hi: "कैमरा" },
  deniedTitle: { en: "The camera is not allowed", hi: "कैमरे की अनुमति नहीं है" },
  denied: {
    en: "Allow the camera for this site in the browser’s settings, or choose a picture of the certificate instead.",
    hi: "ब्राउज़र की सेटिंग में इस साइट को कैमरे की अनुमति दें, या प्रमाण पत्र का फ़ोटो चुनें।",
  },
  noCameraTitle: { en: "No camera found", hi: "कैमरा नहीं मिला" },
  noCamera: {
    en: "No camera can be used here. Choose a picture or PDF of the certificate instead.",
    hi: "यहाँ कोई कैमरा काम नहीं कर रहा। इसके बजाय प्रमाण पत्र का फ़ोटो या पीडीएफ चुनें।",
  },
  noDecoderTitle: { en: "The scanner needs the internet once", hi: "स्कैनर को एक बार इंटरनेट चाहिए" },
  noDecoder: {
    en: "This browser fetches its reader when the scanner is first opened. Connect once, or open the code with the phone’s own camera.",
    hi: "स्कैनर पहली बार खोलने पर यह ब्राउज़र कोड पढ़ने का साधन इंटरनेट से लेता है। एक बार इंटरनेट से जुड़ें, या फ़ोन के अपने कैमरे से कोड खोलें।",
  },

  inBrowser: {
    en: "Checked on this device. Nothing of the certificate was sent.",
    hi: "जाँच इसी फ़ोन या कंप्यूटर पर हुई। प्रमाण पत्र की कोई जानकारी कहीं नहीं भेजी गई।",
  },
  several: {
    en: "The file has {of} codes; this is the first. Check each of the others by itself.",
    hi: "इस फ़ाइल में {of} कोड हैं; यह जवाब पहले कोड का है। बाकी को एक-एक करके जाँचें।",
  },
  atServer: { en: "Checked at our server.", hi: "जाँच हमारे सर्वर पर हुई।" },
  asOf: { en: "Status as of", hi: "स्थिति इस समय की है" },
  changed: { en: "The answer has changed: fresher lists have arrived.", hi: "जवाब बदल गया है: नई सूचियाँ आ गई हैं।" },
  number: { en: "Certificate number", hi: "प्रमाण पत्र संख्या" },
  compare: { en: "The paper must say the same.", hi: "कागज़ पर भी यही लिखा होना चाहिए।" },
  again: { en: "Check again", hi: "फिर जाँचें" },
  another: { en: "Back to the start", hi: "शुरू में लौटें" },
  rescan: { en: "Scan the next", hi: "अगला स्कैन करें" },
  aloud: { en: "Read aloud", hi: "पढ़कर सुनाएँ" },
  noVoice: {
    en: "This device has no voice for English.",
    hi: "इस फ़ोन या कंप्यूटर में हिन्दी की आवाज़ नहीं है।",
  },

  cannotTitle: { en: "This browser cannot check by itself", hi: "यह ब्राउज़र खुद जाँच नहीं कर सकता" },
  cannot: {
    en: "It lacks the Ed25519 signature check. We can check at our server instead; what is written in the code is then sent to it, and not kept.",
    hi: "इसमें Ed25519 हस्ताक्षर जाँचने की सुविधा नहीं है। चाहें तो हमारे सर्वर पर जाँचें; तब कोड में लिखी जानकारी सर्वर को भेजी जाएगी, और वहाँ रखी नहीं जाएगी।",
  },
  server: { en: "Check at the server", hi: "सर्वर पर जाँचें" },
  unreadTitle: { en: "No code could be read", hi: "कोई कोड नहीं पढ़ा जा सका" },
  unread: {
    en: "This device found no code in the file. Take the picture from closer and in good light, or let our server read the file: it is then sent there, and not kept.",
    hi: "इस फ़ाइल में कोई कोड नहीं मिला। पास से, अच्छी रोशनी में फिर फ़ोटो लें, या हमारे सर्वर से पढ़वाएँ: तब फ़ाइल सर्वर को भेजी जाएगी, और वहाँ रखी नहीं जाएगी।",
  },
  firstTitle: { en: "No connection", hi: "इंटरनेट नहीं है" },
  first: {
    en: "This device has not checked a certificate before, so it needs the internet once. This says nothing about the certificate.",
    hi: "इस फ़ोन या कंप्यूटर पर पहले कोई जाँच नहीं हुई है, इसलिए एक बार इंटरनेट चाहिए। इससे प्रमाण पत्र के बारे में कुछ पता नहीं चलता।",
  },
  tooLarge: { en: "The file is larger than 20 MB. Take a smaller picture.", hi: "फ़ाइल 20 एमबी से बड़ी है। छोटा फ़ोटो लें।" },
  failedTitle: { en: "The check did not finish", hi: "जाँच पूरी नहीं हुई" },
  failed: {
    en: "Something went wrong here. This says nothing about the certificate. Try again.",
    hi: "यहाँ कोई गड़बड़ी हुई। इससे प्रमाण पत्र के बारे में कुछ पता नहीं चलता। फिर कोशिश करें।",
  },
};
