// Every sentence of the portal, in both languages.

export const strings = {
  title: { en: "Check a certificate", hi: "प्रमाण पत्र की जाँच" },
  toggle: { en: "हिन्दी", hi: "English" },
  checking: { en: "Checking…", hi: "जाँच हो रही है…" },
  how: {
    en: "Point your phone’s camera at the code on the paper and open the link. Or check it here:",
    hi: "अपने फ़ोन का कैमरा कागज़ पर छपे कोड पर रखें और लिंक खोलें। या यहाँ जाँचें:",
  },
  paste: { en: "Text or digits of the code", hi: "कोड का पाठ या अंक" },
  check: { en: "Check", hi: "जाँचें" },
  picture: { en: "Picture or PDF of the certificate", hi: "प्रमाण पत्र का फ़ोटो या पीडीएफ" },
  pictureNote: {
    en: "A picture is read by our server and not kept.",
    hi: "फ़ोटो हमारे सर्वर पर पढ़ा जाता है और रखा नहीं जाता।",
  },
  inBrowser: {
    en: "Checked on this device. Nothing of the certificate was sent.",
    hi: "जाँच इसी फ़ोन या कंप्यूटर पर हुई। प्रमाण पत्र की कोई जानकारी कहीं नहीं भेजी गई।",
  },
  atServer: { en: "Checked at our server.", hi: "जाँच हमारे सर्वर पर हुई।" },
  asOf: { en: "Status as of", hi: "स्थिति इस समय की है" },
  number: { en: "Certificate number", hi: "प्रमाण पत्र संख्या" },
  details: { en: "What the certificate says", hi: "प्रमाण पत्र में लिखी जानकारी" },
  compare: {
    en: "The paper must say the same.",
    hi: "कागज़ पर भी यही लिखा होना चाहिए।",
  },
  again: { en: "Check again", hi: "फिर जाँचें" },
  another: { en: "Check another certificate", hi: "दूसरा प्रमाण पत्र जाँचें" },
  oldList: {
    en: "The list of departments on this device is old. Connect to the internet and check again.",
    hi: "इस फ़ोन या कंप्यूटर पर रखी विभागों की सूची पुरानी है। इंटरनेट से जुड़कर फिर जाँचें।",
  },
  cannotTitle: { en: "This browser cannot check by itself", hi: "यह ब्राउज़र खुद जाँच नहीं कर सकता" },
  cannot: {
    en: "It lacks the Ed25519 signature check. We can check at our server instead; what is written in the code is then sent to it, and not kept.",
    hi: "इसमें Ed25519 हस्ताक्षर जाँचने की सुविधा नहीं है। चाहें तो हमारे सर्वर पर जाँचें; तब कोड में लिखी जानकारी सर्वर को भेजी जाएगी, और वहाँ रखी नहीं जाएगी।",
  },
  server: { en: "Check at the server", hi: "सर्वर पर जाँचें" },
  firstTitle: { en: "No connection", hi: "इंटरनेट नहीं है" },
  first: {
    en: "This device has not checked a certificate before, so it needs the internet once. This says nothing about the certificate.",
    hi: "इस फ़ोन या कंप्यूटर पर पहले कोई जाँच नहीं हुई है, इसलिए एक बार इंटरनेट चाहिए। इससे प्रमाण पत्र के बारे में कुछ पता नहीं चलता।",
  },
  tooLarge: { en: "The file is larger than 10 MB. Take a smaller picture.", hi: "फ़ाइल 10 एमबी से बड़ी है। छोटा फ़ोटो लें।" },
  failedTitle: { en: "The check did not finish", hi: "जाँच पूरी नहीं हुई" },
  failed: {
    en: "Something went wrong here. This says nothing about the certificate. Try again.",
    hi: "यहाँ कोई गड़बड़ी हुई। इससे प्रमाण पत्र के बारे में कुछ पता नहीं चलता। फिर कोशिश करें।",
  },
};
