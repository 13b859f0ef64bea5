/* Default settings. The token itself is kept in no setting unless the user puts it there: it is read from its file. */
pref("extensions.reflint.address", "http://127.0.0.1:27467");
pref("extensions.reflint.tokenFile", "");
pref("extensions.reflint.token", "");
pref("extensions.reflint.profile", "");
