# Texte des Zotero-Plugins.

reflint-menu =
    .label = reflint
reflint-menu-items =
    .label = Mit reflint prüfen
reflint-menu-collection =
    .label = Sammlung mit reflint prüfen
reflint-menu-library =
    .label = Ganze Bibliothek prüfen
reflint-menu-undo =
    .label = Letzte Reparatur zurücknehmen …

reflint-section-header =
    .label = Befunde
reflint-section-sidenav =
    .tooltiptext = Befunde von reflint
reflint-section-unchecked = Seit der letzten Änderung nicht geprüft.
reflint-section-clean = Nichts gefunden.
reflint-section-check = Prüfen
reflint-section-repair = Reparaturen ansehen …

reflint-checking = { $count ->
    [one] Ein Eintrag wird geprüft
   *[other] { $count } Einträge werden geprüft
}

reflint-severity-error = Fehler:
reflint-severity-warning = Warnung:
reflint-severity-info = Hinweis:
reflint-safety-safe = sicher
reflint-safety-unsafe = erst ansehen
reflint-safety-lookup = braucht eine Nachfrage

reflint-review-title = reflint: Befunde
reflint-review-heading = { $findings ->
    [0] Nichts gefunden in { $checked } geprüften Einträgen
    [one] Ein Befund in { $checked } geprüften Einträgen
   *[other] { $findings } Befunde zu { $items } von { $checked } Einträgen
}
reflint-review-chosen = { $count ->
    [0] Keine Reparatur ist gewählt.
    [one] Eine Reparatur ist gewählt.
   *[other] { $count } Reparaturen sind gewählt.
}
reflint-review-safe = Alle sicheren wählen
reflint-review-none = Keine wählen
reflint-review-more = Mehr zeigen
reflint-review-preview = Reparaturen ansehen
reflint-review-preparing = Eintrag { $done } von { $total } wird vorbereitet …
reflint-review-back = Zurück
reflint-review-undo = Zurücknehmen
reflint-review-close = Schließen

reflint-preview-heading = { $changes ->
    [one] Eine Änderung an einem Eintrag
   *[other] { $changes } Änderungen an { $items } Einträgen
}
reflint-preview-apply = { $changes ->
    [one] Eine Änderung schreiben
   *[other] { $changes } Änderungen schreiben
}
reflint-preview-nothing-yet = Bevor Sie zustimmen, wird nichts geschrieben.

reflint-applied-heading = { $count ->
    [0] Nichts wurde geändert
    [one] Ein Eintrag wurde repariert
   *[other] { $count } Einträge wurden repariert
}
reflint-undone-heading = { $count ->
    [0] Nichts wurde zurückgenommen
    [one] Ein Eintrag ist wieder wie zuvor
   *[other] { $count } Einträge sind wieder wie zuvor
}
reflint-outcome-sync = Beim nächsten Abgleich trägt Zotero die Änderungen zum Server.
reflint-skipped-heading = { $count ->
    [one] Nicht angefasst
   *[other] Nicht angefasst: { $count }
}
reflint-undo-question = Die Reparatur vom { $when } ({ $count } Einträge) zurücknehmen?
reflint-undo-done = Zurückgenommen: { $reverted }. Nicht angefasst, weil seither geändert: { $skipped }.

reflint-skip-gone = Er ist nicht mehr in der Bibliothek.
reflint-skip-trashed = Er liegt im Papierkorb.
reflint-skip-read-only = Die Bibliothek lässt sich nicht bearbeiten.
reflint-skip-version = Ein Abgleich hat ihn seit der Prüfung geändert; bitte erneut prüfen.
reflint-skip-changed = „{ $field }“ wurde seither geändert; bitte erneut prüfen.
reflint-skip-type = Die Eintragsart würde sich ändern; das geht nur von Hand.
reflint-skip-field = Einträge seiner Art haben kein Feld „{ $field }“.
reflint-skip-creator = Einträge seiner Art haben niemanden in der Rolle „{ $role }“.
reflint-skip-kept-otherwise = Zotero würde in „{ $field }“ einen anderen Wert behalten.
reflint-skip-findings = { $count ->
    [one] Ein Befund besteht nicht mehr oder schließt einen anderen aus.
   *[other] { $count } Befunde bestehen nicht mehr oder schließen einander aus.
}

reflint-fault-address = „{ $address }“ ist keine Adresse dieses Rechners. Sie muss sein wie http://127.0.0.1:27467.
reflint-fault-no-backend = Unter { $address } antwortet nichts. Starten Sie „reflint serve“.
reflint-fault-not-reflint = Was unter { $address } antwortet, ist kein reflint, mit dem dieses Plugin sprechen kann.
reflint-fault-no-token = Es ist kein Token gesetzt. Nennen Sie in den Einstellungen die Datei, die „reflint serve“ als token_file zeigt.
reflint-fault-token-file = Die Token-Datei { $path } lässt sich nicht lesen. Läuft „reflint serve“?
reflint-fault-token = Das Backend nimmt das Token nicht an. Nach jedem Start hat es ein neues.
reflint-fault-busy = Das Backend ist beschäftigt. Versuchen Sie es gleich noch einmal.
reflint-fault-refused = Das Backend hat abgelehnt ({ $status }): { $detail }
reflint-fault-job = Die Prüfung ist gescheitert: { $detail }
reflint-fault-cancelled = Abgebrochen.
reflint-fault-operation = Das Backend verlangt, was dieses Plugin nicht kann ({ $operation }). Nichts wurde geändert.
reflint-fault-no-items = Hier gibt es nichts zu prüfen.
reflint-fault-rolled-back = Nichts wurde geändert, denn ein Eintrag ließ sich nicht speichern: { $detail }
reflint-fault-journal = Das Verzeichnis der Reparaturen, { $path }, ist beschädigt. Nichts wurde geändert. Bitte räumen Sie es beiseite.
reflint-fault-no-batch = Diese Reparatur ist nicht mehr verzeichnet.
reflint-fault-nothing-to-undo = Es gibt keine Reparatur, die sich zurücknehmen ließe.
reflint-fault-other = Das ging nicht: { $detail }

reflint-preferences-backend = Backend
reflint-preferences-help = Das Plugin fragt das reflint auf diesem Rechner. Starten Sie es mit „reflint serve“; es zeigt seine Adresse und die Datei seines Tokens.
reflint-preferences-address = Adresse
reflint-preferences-token-file = Token-Datei
reflint-preferences-token = Oder das Token selbst
reflint-preferences-test = Verbindung prüfen
reflint-preferences-rules = Regeln
reflint-preferences-profile = Profil
reflint-profile-default = Wie das Backend es hat
reflint-profile-minimal = Minimal
reflint-profile-recommended = Empfohlen
reflint-profile-strict = Streng
reflint-test-good = reflint { $version } antwortet und kennt { $rules } Regeln.
