<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name></name>
    <message>
        <source>Mail account</source>
        <translation>Mail-Konto</translation>
    </message>
    <message>
        <source>any provider, by IMAP</source>
        <translation>jeder Anbieter, über IMAP</translation>
    </message>
    <message>
        <source>Calendar account</source>
        <translation>Kalender-Konto</translation>
    </message>
    <message>
        <source>any provider, by CalDAV</source>
        <translation>jeder Anbieter, über CalDAV</translation>
    </message>
    <message>
        <source>Mail server, as imap.example.org</source>
        <translation>Mail-Server, etwa imap.example.org</translation>
    </message>
    <message>
        <source>Calendar address, as dav.example.org</source>
        <translation>Kalender-Adresse, etwa dav.example.org</translation>
    </message>
    <message>
        <source>Homebody reads your mail there and changes nothing without your yes. The password stays in this computer&apos;s keyring, or encrypted in your store.</source>
        <translation>Homebody liest dort deine Mails und ändert nichts ohne dein Ja. Das Passwort bleibt im Schlüsselbund dieses Computers oder verschlüsselt in deinem Speicher.</translation>
    </message>
    <message>
        <source>Homebody reads your calendars there and changes nothing without your yes. The password stays in this computer&apos;s keyring, or encrypted in your store.</source>
        <translation>Homebody liest dort deine Kalender und ändert nichts ohne dein Ja. Das Passwort bleibt im Schlüsselbund dieses Computers oder verschlüsselt in deinem Speicher.</translation>
    </message>
    <message>
        <source>Mail address</source>
        <translation>Mail-Adresse</translation>
    </message>
    <message>
        <source>Mail address or user name</source>
        <translation>Mail-Adresse oder Benutzername</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Passwort</translation>
    </message>
    <message>
        <source>This is an OAuth2 token</source>
        <translation>Das ist ein OAuth2-Token</translation>
    </message>
    <message>
        <source>Sign in with my browser instead (OAuth2)</source>
        <translation>Lieber mit meinem Browser anmelden (OAuth2)</translation>
    </message>
    <message>
        <source>Log in and read</source>
        <translation>Anmelden und lesen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Another password for {known}</source>
        <translation>Anderes Passwort für {known}</translation>
    </message>
    <message>
        <source>Add a {account}</source>
        <translation>{account} hinzufügen</translation>
    </message>
    <message>
        <source>Type the password.</source>
        <translation>Gib das Passwort ein.</translation>
    </message>
    <message>
        <source>Logging in at {host}…</source>
        <translation>Anmeldung bei {host} …</translation>
    </message>
    <message>
        <source>Type the client id.</source>
        <translation>Gib die Client-ID ein.</translation>
    </message>
    <message>
        <source>Your browser shows a page of {host}: sign in there.</source>
        <translation>Dein Browser zeigt eine Seite von {host}: Melde dich dort an.</translation>
    </message>
    <message>
        <source>Open my browser</source>
        <translation>Meinen Browser öffnen</translation>
    </message>
    <message>
        <source>Only {host} is contacted, and only over TLS.</source>
        <translation>Nur {host} wird angesprochen, und nur über TLS.</translation>
    </message>
    <message>
        <source>Only {host} and {login} are contacted, and only over TLS.</source>
        <translation>Nur {host} und {login} werden angesprochen, und nur über TLS.</translation>
    </message>
    <message>
        <source>This computer itself is asked.</source>
        <translation>Dieser Computer selbst wird gefragt.</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>Auf diesem Computer</translation>
    </message>
    <message>
        <source>Edit and ask again</source>
        <translation>Bearbeiten und neu fragen</translation>
    </message>
    <message>
        <source>You asked: {text}</source>
        <translation>Deine Frage: {text}</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>Frage</translation>
    </message>
    <message>
        <source>Looking in your data …</source>
        <translation>Suche in deinen Daten …</translation>
    </message>
    <message>
        <source>Ask a bigger model…</source>
        <translation>Ein größeres Modell fragen …</translation>
    </message>
    <message>
        <source>Edit the text</source>
        <translation>Text bearbeiten</translation>
    </message>
    <message>
        <source>Copy the answer</source>
        <translation>Antwort kopieren</translation>
    </message>
    <message>
        <source>Ask again</source>
        <translation>Noch einmal fragen</translation>
    </message>
    <message>
        <source>Insert the answer into…</source>
        <translation>Antwort einfügen in …</translation>
    </message>
    <message>
        <source>Reading {n} …</source>
        <translation>Lese {n} …</translation>
    </message>
    <message>
        <source>Nothing found yet …</source>
        <translation>Noch nichts gefunden …</translation>
    </message>
    <message>
        <source>Reading{share} …</source>
        <translation>Lese{share} …</translation>
    </message>
    <message>
        <source>Left as you wrote it: {kept}</source>
        <translation>So gelassen, wie du es geschrieben hast: {kept}</translation>
    </message>
    <message>
        <source>Looked at</source>
        <translation>Angesehen</translation>
    </message>
    <message>
        <source>Made elsewhere; not checked against your data.</source>
        <translation>Anderswo entstanden; nicht an deinen Daten geprüft.</translation>
    </message>
    <message>
        <source>Not found in your data. {searched}</source>
        <translation>In deinen Daten nicht gefunden. {searched}</translation>
    </message>
    <message>
        <source>Closest, but not an answer</source>
        <translation>Am nächsten, aber keine Antwort</translation>
    </message>
    <message>
        <source>Underlined: nothing in your data was found for this.</source>
        <translation>Unterstrichen: Dafür fand sich nichts in deinen Daten.</translation>
    </message>
    <message>
        <source>Not found in your data.</source>
        <translation>In deinen Daten nicht gefunden.</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>Quellen</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Angehalten.</translation>
    </message>
    <message>
        <source>Into the question box</source>
        <translation>Ins Fragefeld</translation>
    </message>
    <message>
        <source>Into a mail…</source>
        <translation>In eine Mail …</translation>
    </message>
    <message>
        <source>Into a note…</source>
        <translation>In eine Notiz …</translation>
    </message>
    <message>
        <source>Mail</source>
        <translation>Mail</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>Termin</translation>
    </message>
    <message>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
    <message>
        <source>Video</source>
        <translation>Video</translation>
    </message>
    <message>
        <source>Attachment</source>
        <translation>Anhang</translation>
    </message>
    <message>
        <source>Contact</source>
        <translation>Kontakt</translation>
    </message>
    <message>
        <source>Document</source>
        <translation>Dokument</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Nachricht</translation>
    </message>
    <message>
        <source>Web page</source>
        <translation>Webseite</translation>
    </message>
    <message>
        <source>Health</source>
        <translation>Gesundheit</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Source {n}</source>
        <translation>Quelle {n}</translation>
    </message>
    <message>
        <source>{title} in “{mail}”</source>
        <translation>{title} in „{mail}“</translation>
    </message>
    <message>
        <source>+{alike} alike</source>
        <translation>+{alike} ähnliche</translation>
    </message>
    <message>
        <source>page {page}</source>
        <translation>Seite {page}</translation>
    </message>
    <message>
        <source>Show all {total}</source>
        <translation>Alle {total} zeigen</translation>
    </message>
    <message>
        <source>Show {more} more of {total}</source>
        <translation>{more} weitere von {total} zeigen</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Notizen</translation>
    </message>
    <message>
        <source>Calendar</source>
        <translation>Kalender</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>What did I agree to last week?</source>
        <translation>Was habe ich letzte Woche zugesagt?</translation>
    </message>
    <message>
        <source>When is my next appointment?</source>
        <translation>Wann ist mein nächster Termin?</translation>
    </message>
    <message>
        <source>What is the booking reference of my trip?</source>
        <translation>Wie lautet die Buchungsnummer meiner Reise?</translation>
    </message>
    <message>
        <source>Ask about your mail, notes, calendar and photos</source>
        <translation>Frag nach deinen Mails, Notizen, Terminen und Fotos</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>Summarize this item</source>
        <translation>Diesen Eintrag zusammenfassen</translation>
    </message>
    <message>
        <source>Draft a reply: {say}</source>
        <translation>Antwort entwerfen: {say}</translation>
    </message>
    <message>
        <source>Write a mail to {to}: {say}</source>
        <translation>Mail an {to} schreiben: {say}</translation>
    </message>
    <message>
        <source>Confirm it in the sheet.</source>
        <translation>Bestätige es im Fenster davor.</translation>
    </message>
    <message>
        <source>Nothing to do: {reason}</source>
        <translation>Nichts zu tun: {reason}</translation>
    </message>
    <message>
        <source>Asked anew; what came after it is gone.</source>
        <translation>Neu gefragt; was danach kam, ist weg.</translation>
    </message>
    <message>
        <source>The answer ended early.</source>
        <translation>Die Antwort brach vorzeitig ab.</translation>
    </message>
    <message>
        <source>No answer: something went wrong.</source>
        <translation>Keine Antwort: Etwas ging schief.</translation>
    </message>
    <message>
        <source>No answer is kept.</source>
        <translation>Keine Antwort wird behalten.</translation>
    </message>
    <message>
        <source>What would you like to know?</source>
        <translation>Was möchtest du wissen?</translation>
    </message>
    <message>
        <source>Homebody looks through your own mail, notes, calendar and photos, and shows where each answer comes from. Nothing leaves this computer.</source>
        <translation>Homebody sucht in deinen eigenen Mails, Notizen, Terminen und Fotos und zeigt, woher jede Antwort kommt. Nichts verlässt diesen Computer.</translation>
    </message>
    <message>
        <source>This question will be asked anew; what came after it goes.</source>
        <translation>Diese Frage wird neu gestellt; was danach kam, verschwindet.</translation>
    </message>
    <message>
        <source>Leave it as it was</source>
        <translation>So lassen, wie es war</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>Gespräch</translation>
    </message>
    <message>
        <source>Show earlier messages</source>
        <translation>Frühere Nachrichten zeigen</translation>
    </message>
    <message>
        <source>Look only in {source}</source>
        <translation>Nur hier suchen: {source}</translation>
    </message>
    <message>
        <source>Write a mail</source>
        <translation>Mail schreiben</translation>
    </message>
    <message>
        <source>To</source>
        <translation>An</translation>
    </message>
    <message>
        <source>To: names from your mails, or addresses</source>
        <translation>An: Namen aus deinen Mails oder Adressen</translation>
    </message>
    <message>
        <source>Subject</source>
        <translation>Betreff</translation>
    </message>
    <message>
        <source>Subject; leave it empty to have it written</source>
        <translation>Betreff; leer gelassen, wird er geschrieben</translation>
    </message>
    <message>
        <source>What should the mail say?</source>
        <translation>Was soll in der Mail stehen?</translation>
    </message>
    <message>
        <source>What should it say? A few words are enough.</source>
        <translation>Was soll darin stehen? Ein paar Worte genügen.</translation>
    </message>
    <message>
        <source>Write</source>
        <translation>Schreiben</translation>
    </message>
    <message>
        <source>Nothing is sent: you get a draft to check.</source>
        <translation>Nichts wird gesendet: Du bekommst einen Entwurf zum Prüfen.</translation>
    </message>
    <message>
        <source>Homebody will do this on your computer only after you say yes.</source>
        <translation>Homebody tut das auf deinem Computer erst, wenn du Ja sagst.</translation>
    </message>
    <message>
        <source>This question and these passages leave your computer only after you say yes, once.</source>
        <translation>Diese Frage und diese Textstellen verlassen deinen Computer nur, wenn du Ja sagst, und nur einmal.</translation>
    </message>
    <message>
        <source>This event leaves your computer only after you say yes.</source>
        <translation>Dieser Termin verlässt deinen Computer nur, wenn du Ja sagst.</translation>
    </message>
    <message>
        <source>Homebody will fetch this file, and send nothing but the request for it, only after you say yes.</source>
        <translation>Homebody holt diese Datei erst, wenn du Ja sagst, und sendet nichts als die Anfrage danach.</translation>
    </message>
    <message>
        <source>Create the event</source>
        <translation>Termin anlegen</translation>
    </message>
    <message>
        <source>Keep the note</source>
        <translation>Notiz anlegen</translation>
    </message>
    <message>
        <source>Keep the draft</source>
        <translation>Entwurf anlegen</translation>
    </message>
    <message>
        <source>Set the reminder</source>
        <translation>Erinnerung anlegen</translation>
    </message>
    <message>
        <source>as usual</source>
        <translation>wie üblich</translation>
    </message>
    <message>
        <source>from your settings</source>
        <translation>aus deinen Einstellungen</translation>
    </message>
    <message>
        <source>from the catalog</source>
        <translation>aus dem Katalog</translation>
    </message>
    <message>
        <source>your question and passages of your data</source>
        <translation>deine Frage und Stellen aus deinen Daten</translation>
    </message>
    <message>
        <source>from your mails and events</source>
        <translation>aus deinen Mails und Terminen</translation>
    </message>
    <message>
        <source>from the selected text</source>
        <translation>aus dem ausgewählten Text</translation>
    </message>
    <message>
        <source>suggested: nine in the morning</source>
        <translation>vorgeschlagen: neun Uhr morgens</translation>
    </message>
    <message>
        <source>from the mail by {who}</source>
        <translation>aus der Mail von {who}</translation>
    </message>
    <message>
        <source>from a mail by {who}</source>
        <translation>aus einer Mail von {who}</translation>
    </message>
    <message>
        <source>from the text selected in {who}</source>
        <translation>aus dem Text, ausgewählt in {who}</translation>
    </message>
    <message>
        <source>Please confirm</source>
        <translation>Bitte bestätigen</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>Bearbeiten …</translation>
    </message>
    <message>
        <source>Use these words</source>
        <translation>Diese Worte nehmen</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
    <message>
        <source>Send this</source>
        <translation>Das senden</translation>
    </message>
    <message>
        <source>Fetch it</source>
        <translation>Holen</translation>
    </message>
    <message>
        <source>Yes, do this</source>
        <translation>Ja, tu das</translation>
    </message>
    <message>
        <source>Exactly this leaves the computer</source>
        <translation>Genau das verlässt den Computer</translation>
    </message>
    <message>
        <source>Exactly what is sent</source>
        <translation>Genau das wird gesendet</translation>
    </message>
    <message>
        <source>from you</source>
        <translation>von dir</translation>
    </message>
    <message>
        <source>suggested</source>
        <translation>vorgeschlagen</translation>
    </message>
    <message>
        <source>Stopped. Getting it again goes on from here.</source>
        <translation>Angehalten. Beim nächsten Holen geht es hier weiter.</translation>
    </message>
    <message>
        <source>Undone: {summary}</source>
        <translation>Rückgängig gemacht: {summary}</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Done: {summary}</source>
        <translation>Erledigt: {summary}</translation>
    </message>
    <message>
        <source>What did I promise to do this month?</source>
        <translation>Was habe ich für diesen Monat versprochen?</translation>
    </message>
    <message>
        <source>Which notes mention a trip?</source>
        <translation>Welche Notizen erwähnen eine Reise?</translation>
    </message>
    <message>
        <source>Change it now</source>
        <translation>Jetzt wechseln</translation>
    </message>
    <message>
        <source>The window takes its new language when it is made anew.</source>
        <translation>Das Fenster nimmt seine neue Sprache an, wenn es neu aufgebaut wird.</translation>
    </message>
    <message>
        <source>Show how</source>
        <translation>Zeigen, wie</translation>
    </message>
    <message>
        <source>Choose another key</source>
        <translation>Andere Taste wählen</translation>
    </message>
    <message>
        <source>Learn from what I change. It stays on this computer, encrypted.</source>
        <translation>Aus meinen Änderungen lernen. Das bleibt verschlüsselt auf diesem Computer.</translation>
    </message>
    <message>
        <source>The text, to be edited</source>
        <translation>Der Text, zum Bearbeiten</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>mbox files, Maildir folders, Thunderbird, .eml files</source>
        <translation>mbox-Dateien, Maildir-Ordner, Thunderbird, .eml-Dateien</translation>
    </message>
    <message>
        <source>Obsidian, Markdown, text, exports of note programs</source>
        <translation>Obsidian, Markdown, Text, Exporte von Notizprogrammen</translation>
    </message>
    <message>
        <source>.ics files and folders</source>
        <translation>.ics-Dateien und -Ordner</translation>
    </message>
    <message>
        <source>folders of pictures</source>
        <translation>Ordner mit Bildern</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>Kontakte</translation>
    </message>
    <message>
        <source>address books, .vcf, .ldif and .csv files</source>
        <translation>Adressbücher, .vcf-, .ldif- und .csv-Dateien</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>Dokumente</translation>
    </message>
    <message>
        <source>PDF, Word, Excel, books, code and text</source>
        <translation>PDF, Word, Excel, Bücher, Code und Text</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Nachrichten</translation>
    </message>
    <message>
        <source>exports of WhatsApp, Signal, Telegram, Slack, SMS</source>
        <translation>Exporte von WhatsApp, Signal, Telegram, Slack, SMS</translation>
    </message>
    <message>
        <source>Browser</source>
        <translation>Browser</translation>
    </message>
    <message>
        <source>history and bookmarks of Firefox, Chromium, Safari</source>
        <translation>Verlauf und Lesezeichen von Firefox, Chromium, Safari</translation>
    </message>
    <message>
        <source>an export of Apple Health</source>
        <translation>ein Export von Apple Health</translation>
    </message>
    <message>
        <source>Show {more} more</source>
        <translation>{more} weitere zeigen</translation>
    </message>
    <message>
        <source>Looking in the usual places …</source>
        <translation>Suche an den üblichen Orten …</translation>
    </message>
    <message>
        <source>Nothing else was found in the usual places.</source>
        <translation>An den üblichen Orten fand sich nichts weiter.</translation>
    </message>
    <message>
        <source>Read {title}: {name}, {path}</source>
        <translation>{title} lesen: {name}, {path}</translation>
    </message>
    <message>
        <source>Look for more</source>
        <translation>Nach mehr suchen</translation>
    </message>
    <message>
        <source>Read what is ticked</source>
        <translation>Angehaktes lesen</translation>
    </message>
    <message>
        <source>Found on this computer</source>
        <translation>Auf diesem Computer gefunden</translation>
    </message>
    <message>
        <source>over {files}</source>
        <translation>über {files}</translation>
    </message>
    <message>
        <source>Welcome to Homebody</source>
        <translation>Willkommen bei Homebody</translation>
    </message>
    <message>
        <source>Step {step} of 4</source>
        <translation>Schritt {step} von 4</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>Überspringen</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Keep the key in this computer&apos;s keyring (recommended)</source>
        <translation>Den Schlüssel im Schlüsselbund dieses Computers aufbewahren (empfohlen)</translation>
    </message>
    <message>
        <source>Protect it with a passphrase of my own</source>
        <translation>Mit einer eigenen Passphrase schützen</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>The same again</source>
        <translation>Noch einmal dieselbe</translation>
    </message>
    <message>
        <source>✓  Mail, notes, calendar and photos are read here and stay here.</source>
        <translation>✓  Mails, Notizen, Termine und Fotos werden hier gelesen und bleiben hier.</translation>
    </message>
    <message>
        <source>✓  What Homebody knows is encrypted on this disk.</source>
        <translation>✓  Was Homebody weiß, liegt verschlüsselt auf dieser Platte.</translation>
    </message>
    <message>
        <source>✓  The model runs on this computer. No account, no telemetry.</source>
        <translation>✓  Das Modell läuft auf diesem Computer. Kein Konto, keine Telemetrie.</translation>
    </message>
    <message>
        <source>✓  Nothing leaves it unless you have read exactly what, and said yes.</source>
        <translation>✓  Nichts verlässt ihn, ohne dass du genau gelesen hast, was, und Ja gesagt hast.</translation>
    </message>
    <message>
        <source>Everything stays on this computer</source>
        <translation>Alles bleibt auf diesem Computer</translation>
    </message>
    <message>
        <source>The key to your store</source>
        <translation>Der Schlüssel zu deinem Speicher</translation>
    </message>
    <message>
        <source>The passphrase needs at least {least} characters.</source>
        <translation>Die Passphrase braucht mindestens {least} Zeichen.</translation>
    </message>
    <message>
        <source>The two passphrases differ.</source>
        <translation>Die beiden Passphrasen sind verschieden.</translation>
    </message>
    <message>
        <source>Recovery code</source>
        <translation>Wiederherstellungscode</translation>
    </message>
    <message>
        <source>In GNOME: open Settings, Keyboard, View and Customize Shortcuts, Custom Shortcuts. Press +, give it a name, paste the command, choose Set Shortcut and press the key.</source>
        <translation>In GNOME: Öffne Einstellungen, Tastatur, Tastenkombinationen anzeigen und anpassen, Eigene Tastenkombinationen. Drück +, gib einen Namen, füge den Befehl ein, wähle „Tastenkombination festlegen“ und drück die Taste.</translation>
    </message>
    <message>
        <source>In KDE Plasma: open System Settings, Keyboard, Shortcuts. Choose Add New, Command or Script, paste the command, press Add, and give it a key.</source>
        <translation>In KDE Plasma: Öffne Systemeinstellungen, Tastatur, Kurzbefehle. Wähle Neu hinzufügen, Befehl oder Skript, füge den Befehl ein, drück Hinzufügen und gib ihm eine Taste.</translation>
    </message>
    <message>
        <source>In Xfce: open Settings, Keyboard, Application Shortcuts. Press Add, paste the command, OK, and press the key.</source>
        <translation>In Xfce: Öffne Einstellungen, Tastatur, Tastenkürzel für Anwendungen. Drück Hinzufügen, füge den Befehl ein, OK, und drück die Taste.</translation>
    </message>
    <message>
        <source>In sway: put these lines into ~/.config/sway/config, then run swaymsg reload.</source>
        <translation>In sway: Schreib diese Zeilen in ~/.config/sway/config, dann führe swaymsg reload aus.</translation>
    </message>
    <message>
        <source>In Hyprland: put these lines into ~/.config/hypr/hyprland.conf; it reads them at once.</source>
        <translation>In Hyprland: Schreib diese Zeilen in ~/.config/hypr/hyprland.conf; es liest sie sofort.</translation>
    </message>
    <message>
        <source>Open the keyboard settings of your desktop, add a shortcut of your own and paste the command.</source>
        <translation>Öffne die Tastatureinstellungen deines Desktops, füge ein eigenes Kürzel hinzu und füge den Befehl ein.</translation>
    </message>
    <message>
        <source>Keys for the whole desktop</source>
        <translation>Tasten für den ganzen Desktop</translation>
    </message>
    <message>
        <source>Here only the desktop itself can give Homebody a key.</source>
        <translation>Hier kann nur der Desktop selbst Homebody eine Taste geben.</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy: {what}</source>
        <translation>Kopieren: {what}</translation>
    </message>
    <message>
        <source>Your recovery code</source>
        <translation>Dein Wiederherstellungscode</translation>
    </message>
    <message>
        <source>If the keyring is lost or the passphrase forgotten, this code alone opens your store. It is shown only now. Write it down and keep it somewhere safe.</source>
        <translation>Ist der Schlüsselbund verloren oder die Passphrase vergessen, öffnet nur dieser Code deinen Speicher. Er wird nur jetzt gezeigt. Schreib ihn auf und bewahre ihn sicher auf.</translation>
    </message>
    <message>
        <source>What should Homebody read?</source>
        <translation>Was soll Homebody lesen?</translation>
    </message>
    <message>
        <source>Found on this computer; nothing of it is read before you tick it. What you tick is only read, and can be removed at any time.</source>
        <translation>Auf diesem Computer gefunden; nichts davon wird gelesen, bevor du es anhakst. Angehaktes wird nur gelesen und lässt sich jederzeit wieder entfernen.</translation>
    </message>
    <message>
        <source>Add another folder of</source>
        <translation>Weiteren Ordner hinzufügen</translation>
    </message>
    <message>
        <source>Add {source}</source>
        <translation>{source} hinzufügen</translation>
    </message>
    <message>
        <source>Which model should answer?</source>
        <translation>Welches Modell soll antworten?</translation>
    </message>
    <message>
        <source>One is here already and works at once, offline. The settings change it at any time.</source>
        <translation>Eines ist schon da und arbeitet sofort, ohne Netz. In den Einstellungen lässt es sich jederzeit wechseln.</translation>
    </message>
    <message>
        <source>here, works at once</source>
        <translation>da, arbeitet sofort</translation>
    </message>
    <message>
        <source>to be fetched</source>
        <translation>noch zu holen</translation>
    </message>
    <message>
        <source>more memory than this computer has</source>
        <translation>mehr Speicher, als dieser Computer hat</translation>
    </message>
    <message>
        <source>Ask something</source>
        <translation>Frag etwas</translation>
    </message>
    <message>
        <source>Your first question</source>
        <translation>Deine erste Frage</translation>
    </message>
    <message>
        <source>Indexing goes on meanwhile; words are found as soon as they are read.</source>
        <translation>Gelesen wird unterdessen weiter; Wörter sind zu finden, sobald sie gelesen sind.</translation>
    </message>
    <message>
        <source>Try a question</source>
        <translation>Probier eine Frage</translation>
    </message>
    <message>
        <source>Read so far: {items}</source>
        <translation>Bisher gelesen: {items}</translation>
    </message>
    <message>
        <source>When is {title}?</source>
        <translation>Wann ist {title}?</translation>
    </message>
    <message>
        <source>What does {who} write about “{title}”?</source>
        <translation>Was schreibt {who} über „{title}“?</translation>
    </message>
    <message>
        <source>What do my notes say about “{title}”?</source>
        <translation>Was steht in meinen Notizen über „{title}“?</translation>
    </message>
    <message>
        <source>I have kept it</source>
        <translation>Ich habe ihn aufbewahrt</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>Fragen</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>Eintrag</translation>
    </message>
    <message>
        <source>Sender</source>
        <translation>Absender</translation>
    </message>
    <message>
        <source>Folder or file</source>
        <translation>Ordner oder Datei</translation>
    </message>
    <message>
        <source>Names like this</source>
        <translation>Namen wie dieser</translation>
    </message>
    <message>
        <source>Forget this…</source>
        <translation>Das vergessen …</translation>
    </message>
    <message>
        <source>Forget all from {sender}…</source>
        <translation>Alles von {sender} vergessen …</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>Vergessen</translation>
    </message>
    <message>
        <source>Forget {name} for good?</source>
        <translation>{name} endgültig vergessen?</translation>
    </message>
    <message>
        <source>It leaves the index, answers that stood on it, corrections and snapshots, and is not read again. The file itself stays as it is.</source>
        <translation>Es verschwindet aus dem Index, aus Antworten, die darauf beruhten, aus Korrekturen und Sicherungen und wird nicht wieder gelesen. Die Datei selbst bleibt, wie sie ist.</translation>
    </message>
    <message>
        <source>{items} forgotten.</source>
        <translation>{items} vergessen.</translation>
    </message>
    <message>
        <source>Leave out</source>
        <translation>Auslassen</translation>
    </message>
    <message>
        <source>Names like…</source>
        <translation>Namen wie …</translation>
    </message>
    <message>
        <source>Never read ({excluded})</source>
        <translation>Nie lesen ({excluded})</translation>
    </message>
    <message>
        <source>Never read</source>
        <translation>Nie lesen</translation>
    </message>
    <message>
        <source>Folders, senders or names that Homebody passes over.</source>
        <translation>Ordner, Absender oder Namen, die Homebody übergeht.</translation>
    </message>
    <message>
        <source>Read again</source>
        <translation>Wieder lesen</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Wählen …</translation>
    </message>
    <message>
        <source>This removes {items} from Homebody. The files stay as they are.</source>
        <translation>Damit verschwinden {items} aus Homebody. Die Dateien bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>Nothing that is known now is covered; it will be passed over from now on.</source>
        <translation>Nichts, was jetzt bekannt ist, fällt darunter; von nun an wird es übergangen.</translation>
    </message>
    <message>
        <source>Leave out a folder or file</source>
        <translation>Ordner oder Datei auslassen</translation>
    </message>
    <message>
        <source>What lies in it is not read, and what is known of it goes.</source>
        <translation>Was darin liegt, wird nicht gelesen, und was davon bekannt ist, verschwindet.</translation>
    </message>
    <message>
        <source>Leave out a sender</source>
        <translation>Absender auslassen</translation>
    </message>
    <message>
        <source>name@example.org, or @example.org</source>
        <translation>name@example.org oder @example.org</translation>
    </message>
    <message>
        <source>An address, or all of a domain.</source>
        <translation>Eine Adresse oder eine ganze Domain.</translation>
    </message>
    <message>
        <source>Leave out names like …</source>
        <translation>Namen auslassen wie …</translation>
    </message>
    <message>
        <source>*.log, node_modules, drafts/old</source>
        <translation>*.log, node_modules, entwuerfe/alt</translation>
    </message>
    <message>
        <source>Every file and folder of such a name; * stands for any letters.</source>
        <translation>Jede Datei und jeder Ordner mit solchem Namen; * steht für beliebige Zeichen.</translation>
    </message>
    <message>
        <source>looking for changes</source>
        <translation>sucht nach Änderungen</translation>
    </message>
    <message>
        <source>reading</source>
        <translation>liest</translation>
    </message>
    <message>
        <source>reading pictures</source>
        <translation>liest Bilder</translation>
    </message>
    <message>
        <source>understanding</source>
        <translation>versteht</translation>
    </message>
    <message>
        <source>Indexing paused</source>
        <translation>Lesen ruht</translation>
    </message>
    <message>
        <source>Looking for changes …</source>
        <translation>Suche nach Änderungen …</translation>
    </message>
    <message>
        <source> {done} of {total}</source>
        <translation> {done} von {total}</translation>
    </message>
    <message>
        <source>, {left_s} left</source>
        <translation>, noch {left_s}</translation>
    </message>
    <message>
        <source>Indexing stopped; trying again soon</source>
        <translation>Lesen abgebrochen; gleich ein neuer Versuch</translation>
    </message>
    <message>
        <source>Indexing stopped</source>
        <translation>Lesen abgebrochen</translation>
    </message>
    <message>
        <source>{file}: {done} of {total} MB</source>
        <translation>{file}: {done} von {total} MB</translation>
    </message>
    <message>
        <source>, {rate} MB/s, {left} left</source>
        <translation>, {rate} MB/s, noch {left}</translation>
    </message>
    <message>
        <source>Download progress</source>
        <translation>Fortschritt des Herunterladens</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>in Gebrauch</translation>
    </message>
    <message>
        <source>here</source>
        <translation>da</translation>
    </message>
    <message>
        <source>not here</source>
        <translation>nicht da</translation>
    </message>
    <message>
        <source> · only the hub vouches for the file</source>
        <translation> · nur der Hub bürgt für die Datei</translation>
    </message>
    <message>
        <source>{size} MB, needs {ram} GB</source>
        <translation>{size} MB, braucht {ram} GB</translation>
    </message>
    <message>
        <source> · finds photos by what they show</source>
        <translation> · findet Fotos nach dem, was sie zeigen</translation>
    </message>
    <message>
        <source>Get…</source>
        <translation>Holen …</translation>
    </message>
    <message>
        <source>Get {title}</source>
        <translation>{title} holen</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Nehmen</translation>
    </message>
    <message>
        <source>Use {title}</source>
        <translation>{title} nehmen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove {title}</source>
        <translation>{title} entfernen</translation>
    </message>
    <message>
        <source>{title} is in use.</source>
        <translation>{title} ist in Gebrauch.</translation>
    </message>
    <message>
        <source>{title} was removed from this computer.</source>
        <translation>{title} wurde von diesem Computer entfernt.</translation>
    </message>
    <message>
        <source>About</source>
        <translation>Über</translation>
    </message>
    <message>
        <source>Check everything</source>
        <translation>Alles prüfen</translation>
    </message>
    <message>
        <source>Where is my data</source>
        <translation>Wo sind meine Daten</translation>
    </message>
    <message>
        <source>Homebody {version}</source>
        <translation>Homebody {version}</translation>
    </message>
    <message>
        <source>A private assistant that lives on your own computer. Apache-2.0.</source>
        <translation>Ein privater Assistent, der auf deinem eigenen Computer lebt. Apache-2.0.</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Lock now</source>
        <translation>Jetzt sperren</translation>
    </message>
    <message>
        <source>The key is in this computer&apos;s keyring.</source>
        <translation>Der Schlüssel liegt im Schlüsselbund dieses Computers.</translation>
    </message>
    <message>
        <source>The key is under your passphrase.</source>
        <translation>Der Schlüssel liegt unter deiner Passphrase.</translation>
    </message>
    <message>
        <source>Questions may go to {cloud}, each only after you confirm it.</source>
        <translation>Fragen dürfen an {cloud} gehen, jede nur, nachdem du sie bestätigst.</translation>
    </message>
    <message>
        <source>{items} and {passages}, encrypted. {key}</source>
        <translation>{items} und {passages}, verschlüsselt. {key}</translation>
    </message>
    <message>
        <source>Nothing leaves this computer.</source>
        <translation>Nichts verlässt diesen Computer.</translation>
    </message>
    <message>
        <source>This window</source>
        <translation>Dieses Fenster</translation>
    </message>
    <message>
        <source>Engine: the store and the search</source>
        <translation>Engine: Speicher und Suche</translation>
    </message>
    <message>
        <source>Language model</source>
        <translation>Sprachmodell</translation>
    </message>
    <message>
        <source>Model that compares meanings</source>
        <translation>Modell, das Bedeutungen vergleicht</translation>
    </message>
    <message>
        <source>Former model that compares meanings</source>
        <translation>Früheres Modell, das Bedeutungen vergleicht</translation>
    </message>
    <message>
        <source>Text recognition</source>
        <translation>Texterkennung</translation>
    </message>
    <message>
        <source>Model for pictures</source>
        <translation>Modell für Bilder</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>A model of its own, for measuring</source>
        <translation>Ein eigenes Modell, zum Messen</translation>
    </message>
    <message>
        <source>Reader of files</source>
        <translation>Leser von Dateien</translation>
    </message>
    <message>
        <source>Memory in all</source>
        <translation>Arbeitsspeicher insgesamt</translation>
    </message>
    <message>
        <source>MB</source>
        <translation>MB</translation>
    </message>
    <message>
        <source>Tokens written a second</source>
        <translation>Geschriebene Tokens pro Sekunde</translation>
    </message>
    <message>
        <source>{size} MB</source>
        <translation>{size} MB</translation>
    </message>
    <message>
        <source>not in memory</source>
        <translation>nicht im Speicher</translation>
    </message>
    <message>
        <source>Came with Homebody</source>
        <translation>Kam mit Homebody</translation>
    </message>
    <message>
        <source>No adapter for this model: it works by its instructions alone</source>
        <translation>Kein Adapter für dieses Modell: Es arbeitet nur nach seiner Anweisung</translation>
    </message>
    <message>
        <source>Yours, taught from your corrections</source>
        <translation>Deiner, aus deinen Korrekturen gelernt</translation>
    </message>
    <message>
        <source>Yours, trained here</source>
        <translation>Deiner, hier trainiert</translation>
    </message>
    <message>
        <source>Yours, brought in</source>
        <translation>Deiner, mitgebracht</translation>
    </message>
    <message>
        <source>Yours, trained for this model</source>
        <translation>Deiner, für dieses Modell trainiert</translation>
    </message>
    <message>
        <source>Hats</source>
        <translation>Hüte</translation>
    </message>
    <message>
        <source>One small model wears a hat for each job. A hat can learn from what you correct in its drafts, summaries and proposals; it is put on only where it is measurably better.</source>
        <translation>Ein kleines Modell trägt für jede Aufgabe einen Hut. Ein Hut kann aus dem lernen, was du an Entwürfen, Zusammenfassungen und Vorschlägen verbesserst; aufgesetzt wird er nur, wo er messbar besser ist.</translation>
    </message>
    <message>
        <source>Looking at the hats …</source>
        <translation>Sehe nach den Hüten …</translation>
    </message>
    <message>
        <source>{title} is back to what it wore before.</source>
        <translation>{title} trägt wieder, was es vorher trug.</translation>
    </message>
    <message>
        <source> {title} has learned from it: teach it anew to be without it.</source>
        <translation> {title} hat daraus gelernt: Lehre neu, um es loszuwerden.</translation>
    </message>
    <message>
        <source>Deleted.{more}</source>
        <translation>Gelöscht.{more}</translation>
    </message>
    <message>
        <source>What you correct is not kept, so the hats learn nothing from you yet.</source>
        <translation>Was du verbesserst, wird nicht behalten; die Hüte lernen also noch nichts von dir.</translation>
    </message>
    <message>
        <source>Keep it, encrypted, to learn from</source>
        <translation>Verschlüsselt behalten, um daraus zu lernen</translation>
    </message>
    <message>
        <source>Teaching {title}</source>
        <translation>{title} lernt</translation>
    </message>
    <message>
        <source>Go on teaching</source>
        <translation>Weiter lehren</translation>
    </message>
    <message>
        <source>Teach</source>
        <translation>Lehren</translation>
    </message>
    <message>
        <source>Go back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Go back: {title}</source>
        <translation>Zurück: {title}</translation>
    </message>
    <message>
        <source>Hide corrections</source>
        <translation>Korrekturen verbergen</translation>
    </message>
    <message>
        <source>Show {corrections}</source>
        <translation>{corrections} zeigen</translation>
    </message>
    <message>
        <source> · kept aside to measure on</source>
        <translation> · zum Messen zurückgelegt</translation>
    </message>
    <message>
        <source>Delete the correction of {when}</source>
        <translation>Korrektur vom {when} löschen</translation>
    </message>
    <message>
        <source>Delete correction</source>
        <translation>Korrektur löschen</translation>
    </message>
    <message>
        <source>Delete this correction?</source>
        <translation>Diese Korrektur löschen?</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Let {title} wear what it wore before?</source>
        <translation>Soll {title} wieder tragen, was es vorher trug?</translation>
    </message>
    <message>
        <source>Nothing of your corrections is lost; you can teach it again.</source>
        <translation>Von deinen Korrekturen geht nichts verloren; du kannst es wieder lehren.</translation>
    </message>
    <message>
        <source>Cannot be used: {faults}</source>
        <translation>Nicht zu gebrauchen: {faults}</translation>
    </message>
    <message>
        <source>It was trained with another wording of its task; teaching it anew will help.</source>
        <translation>Trainiert mit einem anderen Wortlaut der Aufgabe; neu lehren hilft.</translation>
    </message>
    <message>
        <source>No corrections yet: edit what it writes, and keep that.</source>
        <translation>Noch keine Korrekturen: Bearbeite, was er schreibt, und behalte das.</translation>
    </message>
    <message>
        <source>{have} so far; about {missing} more, and it can learn from them.</source>
        <translation>Bisher {have}; etwa {missing} weitere, und er kann daraus lernen.</translation>
    </message>
    <message>
        <source>{new} to learn from.</source>
        <translation>{new}, um daraus zu lernen.</translation>
    </message>
    <message>
        <source>It has learned from your {corrections}.</source>
        <translation>Gelernt aus deinen Beispielen: {corrections}.</translation>
    </message>
    <message>
        <source>{unfit} of an earlier form of this task: left out.</source>
        <translation>{unfit} zu einer früheren Form der Aufgabe: ausgelassen.</translation>
    </message>
    <message>
        <source>A teaching was cut short and goes on where it stood.</source>
        <translation>Eine Lehre wurde unterbrochen und geht weiter, wo sie stand.</translation>
    </message>
    <message>
        <source>{title} has learned, and wears it from now on. {like}</source>
        <translation>{title} hat gelernt und trägt es von nun an. {like}</translation>
    </message>
    <message>
        <source>{title} stays as it was. {why}.</source>
        <translation>{title} bleibt, wie es war. {why}.</translation>
    </message>
    <message>
        <source>like your corrections</source>
        <translation>wie deine Korrekturen</translation>
    </message>
    <message>
        <source>done for you</source>
        <translation>für dich getan</translation>
    </message>
    <message>
        <source>calendar account</source>
        <translation>Kalender-Konto</translation>
    </message>
    <message>
        <source>asked elsewhere</source>
        <translation>anderswo gefragt</translation>
    </message>
    <message>
        <source>export</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>forgotten</source>
        <translation>vergessen</translation>
    </message>
    <message>
        <source>hat</source>
        <translation>Hut</translation>
    </message>
    <message>
        <source>mail account</source>
        <translation>Mail-Konto</translation>
    </message>
    <message>
        <source>key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>other programs</source>
        <translation>andere Programme</translation>
    </message>
    <message>
        <source>source</source>
        <translation>Quelle</translation>
    </message>
    <message>
        <source>undone</source>
        <translation>rückgängig gemacht</translation>
    </message>
    <message>
        <source>unlocked</source>
        <translation>entsperrt</translation>
    </message>
    <message>
        <source>undone since</source>
        <translation>inzwischen rückgängig</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>misslungen</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>abgelehnt</translation>
    </message>
    <message>
        <source>under way</source>
        <translation>unterwegs</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>Aktivität</translation>
    </message>
    <message>
        <source>What Homebody is doing, what it did for you, and every byte that left this computer. The journal holds what happened, never the text of your messages.</source>
        <translation>Was Homebody gerade tut, was es für dich tat, und jedes Byte, das diesen Computer verließ. Das Journal hält fest, was geschah, nie den Text deiner Nachrichten.</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>Lesen</translation>
    </message>
    <message>
        <source>In memory</source>
        <translation>Im Arbeitsspeicher</translation>
    </message>
    <message>
        <source>What left this computer</source>
        <translation>Was diesen Computer verließ</translation>
    </message>
    <message>
        <source>What was done</source>
        <translation>Was getan wurde</translation>
    </message>
    <message>
        <source>Nothing has left this computer.</source>
        <translation>Nichts hat diesen Computer verlassen.</translation>
    </message>
    <message>
        <source>Nothing yet. What Homebody does for you is listed here, with Undo.</source>
        <translation>Noch nichts. Was Homebody für dich tut, steht hier, mit Rückgängig.</translation>
    </message>
    <message>
        <source>{bytes_out} bytes sent</source>
        <translation>{bytes_out} Bytes gesendet</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Open what was sent: {what}</source>
        <translation>Gesendetes öffnen: {what}</translation>
    </message>
    <message>
        <source>Undo: {what}</source>
        <translation>Rückgängig: {what}</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Desktop</source>
        <translation>Arbeitsplatz</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>Sperre</translation>
    </message>
    <message>
        <source>You</source>
        <translation>Du</translation>
    </message>
    <message>
        <source>What Homebody writes</source>
        <translation>Was Homebody schreibt</translation>
    </message>
    <message>
        <source>Learning from you</source>
        <translation>Von dir lernen</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Privacy: what may ever leave</source>
        <translation>Privatsphäre: was je hinaus darf</translation>
    </message>
    <message>
        <source>Lock by itself</source>
        <translation>Von selbst sperren</translation>
    </message>
    <message>
        <source>Lock before sleep</source>
        <translation>Sperren vor dem Ruhezustand</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Hell oder dunkel</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>Textgröße</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Never sent there</source>
        <translation>Nie dorthin</translation>
    </message>
    <message>
        <source>Cents per million tokens sent</source>
        <translation>Cent je Million gesendeter Token</translation>
    </message>
    <message>
        <source>Cents per million tokens back</source>
        <translation>Cent je Million Token zurück</translation>
    </message>
    <message>
        <source>Address (URL)</source>
        <translation>Adresse (URL)</translation>
    </message>
    <message>
        <source>Learn from corrections</source>
        <translation>Aus Korrekturen lernen</translation>
    </message>
    <message>
        <source>Base model</source>
        <translation>Grundmodell</translation>
    </message>
    <message>
        <source>Hub</source>
        <translation>Hub</translation>
    </message>
    <message>
        <source>Run by</source>
        <translation>Läuft mit</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>Kontext</translation>
    </message>
    <message>
        <source>Key-value cache</source>
        <translation>Key-Value-Cache</translation>
    </message>
    <message>
        <source>Map the file</source>
        <translation>Datei einblenden</translation>
    </message>
    <message>
        <source>Release after</source>
        <translation>Freigeben nach</translation>
    </message>
    <message>
        <source>Memory limit</source>
        <translation>Speichergrenze</translation>
    </message>
    <message>
        <source>Enter sends</source>
        <translation>Enter sendet</translation>
    </message>
    <message>
        <source>Close to tray</source>
        <translation>In den Infobereich schließen</translation>
    </message>
    <message>
        <source>Key for the selection</source>
        <translation>Taste für die Markierung</translation>
    </message>
    <message>
        <source>Key for the quick prompt</source>
        <translation>Taste für die schnelle Frage</translation>
    </message>
    <message>
        <source>Key for reading the screen</source>
        <translation>Taste, um den Bildschirm zu lesen</translation>
    </message>
    <message>
        <source> %</source>
        <translation> %</translation>
    </message>
    <message>
        <source> tokens</source>
        <translation> Tokens</translation>
    </message>
    <message>
        <source> minutes</source>
        <translation> Minuten</translation>
    </message>
    <message>
        <source> MB</source>
        <translation> MB</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>English</source>
        <translation>English</translation>
    </message>
    <message>
        <source>Deutsch</source>
        <translation>Deutsch</translation>
    </message>
    <message>
        <source>Slowly</source>
        <translation>Langsam</translation>
    </message>
    <message>
        <source>Not at all</source>
        <translation>Gar nicht</translation>
    </message>
    <message>
        <source>As on mains power</source>
        <translation>Wie am Netz</translation>
    </message>
    <message>
        <source>Ask me</source>
        <translation>Mich fragen</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Nein</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Exact</source>
        <translation>Genau</translation>
    </message>
    <message>
        <source>Half the memory</source>
        <translation>Die Hälfte des Speichers</translation>
    </message>
    <message>
        <source>A quarter of the memory</source>
        <translation>Ein Viertel des Speichers</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Each change takes effect at once and is kept on this computer.</source>
        <translation>Jede Änderung gilt sofort und bleibt auf diesem Computer.</translation>
    </message>
    <message>
        <source>Kept in this computer&apos;s keyring, never in a file.</source>
        <translation>Liegt im Schlüsselbund dieses Computers, nie in einer Datei.</translation>
    </message>
    <message>
        <source>What opens the store: a passphrase of yours, or the key in this computer&apos;s keyring.</source>
        <translation>Was den Speicher öffnet: deine Passphrase oder der Schlüssel im Schlüsselbund dieses Computers.</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>Ändern …</translation>
    </message>
    <message>
        <source>{size} MB, needs {ram} GB, {licence}</source>
        <translation>{size} MB, braucht {ram} GB, {licence}</translation>
    </message>
    <message>
        <source>Key of the endpoint</source>
        <translation>Schlüssel des Endpunkts</translation>
    </message>
    <message>
        <source>Ask a larger model elsewhere</source>
        <translation>Ein größeres Modell anderswo fragen</translation>
    </message>
    <message>
        <source>Its model</source>
        <translation>Dessen Modell</translation>
    </message>
    <message>
        <source>Port for programs of this computer</source>
        <translation>Port für Programme dieses Computers</translation>
    </message>
    <message>
        <source>Pause reading</source>
        <translation>Lesen ruhen lassen</translation>
    </message>
    <message>
        <source>On battery</source>
        <translation>Mit Akku</translation>
    </message>
    <message>
        <source>Drafts</source>
        <translation>Entwürfe</translation>
    </message>
    <message>
        <source>The list of keys</source>
        <translation>Die Liste der Tasten</translation>
    </message>
    <message>
        <source>What is read, and what never is.</source>
        <translation>Was gelesen wird, und was nie.</translation>
    </message>
    <message>
        <source>“{name}” has this key already, and keeps it.</source>
        <translation>„{name}“ hat diese Taste schon und behält sie.</translation>
    </message>
    <message>
        <source>API key</source>
        <translation>API-Schlüssel</translation>
    </message>
    <message>
        <source>The key is in the keyring.</source>
        <translation>Der Schlüssel liegt im Schlüsselbund.</translation>
    </message>
    <message>
        <source>The key was forgotten.</source>
        <translation>Der Schlüssel ist vergessen.</translation>
    </message>
    <message>
        <source>Add source</source>
        <translation>Quelle hinzufügen</translation>
    </message>
    <message>
        <source>Index now</source>
        <translation>Jetzt lesen</translation>
    </message>
    <message>
        <source>{title}: folder…  ({what})</source>
        <translation>{title}: Ordner …  ({what})</translation>
    </message>
    <message>
        <source>{title}: file…</source>
        <translation>{title}: Datei …</translation>
    </message>
    <message>
        <source>No sources yet. Add one on the Sources page.</source>
        <translation>Noch keine Quellen. Füge auf der Seite Quellen eine hinzu.</translation>
    </message>
    <message>
        <source>{skipped} skipped</source>
        <translation>{skipped} übersprungen</translation>
    </message>
    <message>
        <source>not there now; what is known of it is kept</source>
        <translation>gerade nicht da; was davon bekannt ist, bleibt</translation>
    </message>
    <message>
        <source>read {last_indexed}</source>
        <translation>gelesen {last_indexed}</translation>
    </message>
    <message>
        <source>Homebody reads these folders, files and accounts, and follows their changes. It writes to them only what you said yes to.</source>
        <translation>Homebody liest diese Ordner, Dateien und Konten und folgt ihren Änderungen. Es schreibt nur hinein, wozu du Ja gesagt hast.</translation>
    </message>
    <message>
        <source>Indexing {title}</source>
        <translation>Lesen: {title}</translation>
    </message>
    <message>
        <source>Remove {title} {path}</source>
        <translation>{title} entfernen: {path}</translation>
    </message>
    <message>
        <source>Password…</source>
        <translation>Passwort …</translation>
    </message>
    <message>
        <source>Another password for {path}</source>
        <translation>Anderes Passwort für {path}</translation>
    </message>
    <message>
        <source>New events…</source>
        <translation>Neue Termine …</translation>
    </message>
    <message>
        <source>Where new events go: {path}</source>
        <translation>Wohin neue Termine kommen: {path}</translation>
    </message>
    <message>
        <source>Into a folder of this computer</source>
        <translation>In einen Ordner dieses Computers</translation>
    </message>
    <message>
        <source>Remove source</source>
        <translation>Quelle entfernen</translation>
    </message>
    <message>
        <source>Forget this source and everything indexed from it?</source>
        <translation>Diese Quelle und alles daraus Gelesene vergessen?</translation>
    </message>
    <message>
        <source>{path}
The files themselves stay as they are.</source>
        <translation>{path}
Die Dateien selbst bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>looking for changes, {done}</source>
        <translation>sucht nach Änderungen, {done}</translation>
    </message>
    <message>
        <source> · {left_s} left</source>
        <translation> · noch {left_s}</translation>
    </message>
    <message>
        <source>{done} of {total}{left}</source>
        <translation>{done} von {total}{left}</translation>
    </message>
    <message>
        <source>No sources yet. Add a folder or an account, or let Homebody look for what is on this computer.</source>
        <translation>Noch keine Quellen. Füge einen Ordner oder ein Konto hinzu, oder lass Homebody nachsehen, was auf diesem Computer liegt.</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Befehle</translation>
    </message>
    <message>
        <source>What would you like to do?</source>
        <translation>Was möchtest du tun?</translation>
    </message>
    <message>
        <source>Find a command</source>
        <translation>Befehl finden</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Passphrase in use</source>
        <translation>Jetzige Passphrase</translation>
    </message>
    <message>
        <source>New passphrase</source>
        <translation>Neue Passphrase</translation>
    </message>
    <message>
        <source>Once more</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Ändern</translation>
    </message>
    <message>
        <source>Use the keyring instead</source>
        <translation>Lieber den Schlüsselbund nehmen</translation>
    </message>
    <message>
        <source>The store opens with the new passphrase from now on. Your recovery code stays as it is.</source>
        <translation>Der Speicher öffnet sich von nun an mit der neuen Passphrase. Dein Wiederherstellungscode bleibt, wie er ist.</translation>
    </message>
    <message>
        <source>Another passphrase</source>
        <translation>Andere Passphrase</translation>
    </message>
    <message>
        <source>A passphrase instead of the keyring</source>
        <translation>Eine Passphrase statt des Schlüsselbunds</translation>
    </message>
    <message>
        <source>in this computer&apos;s keyring</source>
        <translation>im Schlüsselbund dieses Computers</translation>
    </message>
    <message>
        <source>under the new passphrase</source>
        <translation>unter der neuen Passphrase</translation>
    </message>
    <message>
        <source>The key is kept {where}.</source>
        <translation>Der Schlüssel liegt {where}.</translation>
    </message>
    <message>
        <source>Proofread</source>
        <translation>Korrigieren</translation>
    </message>
    <message>
        <source>Shorter</source>
        <translation>Kürzer</translation>
    </message>
    <message>
        <source>Friendlier</source>
        <translation>Freundlicher</translation>
    </message>
    <message>
        <source>More formal</source>
        <translation>Förmlicher</translation>
    </message>
    <message>
        <source>Ask about it, or say what to do with it</source>
        <translation>Frag dazu, oder sag, was damit geschehen soll</translation>
    </message>
    <message>
        <source>Homebody summary</source>
        <translation>Homebody: Zusammenfassung</translation>
    </message>
    <message>
        <source>Summary</source>
        <translation>Zusammenfassung</translation>
    </message>
    <message>
        <source>The selected text</source>
        <translation>Der markierte Text</translation>
    </message>
    <message>
        <source>There is no text in this part of the screen.</source>
        <translation>In diesem Teil des Bildschirms steht kein Text.</translation>
    </message>
    <message>
        <source>Nothing is selected. Select text in any program, then press the key again.</source>
        <translation>Nichts ist markiert. Markiere Text in einem beliebigen Programm und drück die Taste noch einmal.</translation>
    </message>
    <message>
        <source>Reply</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>Reply…</source>
        <translation>Antworten …</translation>
    </message>
    <message>
        <source>Replace…</source>
        <translation>Ersetzen …</translation>
    </message>
    <message numerus="yes">
        <source>%Ln word(s)</source>
        <translation>
            <numerusform>%Ln Wort</numerusform>
            <numerusform>%Ln Wörter</numerusform>
        </translation>
    </message>
    <message>
        <source>the screen: {where}</source>
        <translation>Bildschirm: {where}</translation>
    </message>
    <message>
        <source>the screen</source>
        <translation>Bildschirm</translation>
    </message>
    <message>
        <source>{count} from {where}</source>
        <translation>{count} aus {where}</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>Schließen (Esc)</translation>
    </message>
    <message>
        <source>Go on in the window</source>
        <translation>Weiter im Fenster</translation>
    </message>
    <message>
        <source>Summarize</source>
        <translation>Zusammenfassen</translation>
    </message>
    <message>
        <source>Rewrite</source>
        <translation>Umschreiben</translation>
    </message>
    <message>
        <source>Summarize the selected text</source>
        <translation>Markierten Text zusammenfassen</translation>
    </message>
    <message>
        <source>Open the quick prompt</source>
        <translation>Schnelle Frage öffnen</translation>
    </message>
    <message>
        <source>Read a part of the screen</source>
        <translation>Einen Teil des Bildschirms lesen</translation>
    </message>
    <message>
        <source>Reading the selection …</source>
        <translation>Lese die Markierung …</translation>
    </message>
    <message>
        <source>Press Ctrl+V in the other program. What you had copied comes back afterwards.</source>
        <translation>Drück Strg+V im anderen Programm. Was du kopiert hattest, kommt danach zurück.</translation>
    </message>
    <message>
        <source>The other program took no text. Use Copy, and paste it yourself.</source>
        <translation>Das andere Programm nahm keinen Text. Nimm Kopieren und füge ihn selbst ein.</translation>
    </message>
    <message>
        <source>Reading this part of the screen …</source>
        <translation>Lese diesen Teil des Bildschirms …</translation>
    </message>
    <message>
        <source>It ended early.</source>
        <translation>Es brach vorzeitig ab.</translation>
    </message>
    <message>
        <source>Text of the item</source>
        <translation>Text des Eintrags</translation>
    </message>
    <message>
        <source>Open original</source>
        <translation>Original öffnen</translation>
    </message>
    <message>
        <source>Show folder</source>
        <translation>Ordner zeigen</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Quelle</translation>
    </message>
    <message>
        <source>Draft a reply…</source>
        <translation>Antwort entwerfen …</translation>
    </message>
    <message>
        <source>Forget…</source>
        <translation>Vergessen …</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>Noch einmal nachsehen</translation>
    </message>
    <message>
        <source>Made on this computer from your calendar, mail, notes and photos; no model has a part in it.</source>
        <translation>Auf diesem Computer aus deinem Kalender, deinen Mails, Notizen und Fotos gemacht; kein Modell hat daran teil.</translation>
    </message>
    <message>
        <source>Today and the next seven days</source>
        <translation>Heute und die nächsten sieben Tage</translation>
    </message>
    <message>
        <source>Nothing is in your calendar.</source>
        <translation>In deinem Kalender steht nichts.</translation>
    </message>
    <message>
        <source>May be waiting for your answer</source>
        <translation>Wartet vielleicht auf deine Antwort</translation>
    </message>
    <message>
        <source>Nobody asks you anything in a mail that you have not answered.</source>
        <translation>Niemand fragt dich in einer Mail etwas, das du nicht beantwortet hast.</translation>
    </message>
    <message>
        <source>It cannot be told which address is yours: no mail of your own is indexed.</source>
        <translation>Welche Adresse deine ist, lässt sich nicht sagen: Keine Mail von dir ist gelesen.</translation>
    </message>
    <message>
        <source>On this day</source>
        <translation>An diesem Tag</translation>
    </message>
    <message>
        <source>No notes or photos of this day in earlier years.</source>
        <translation>Keine Notizen oder Fotos von diesem Tag aus früheren Jahren.</translation>
    </message>
    <message>
        <source>Untitled</source>
        <translation>Ohne Titel</translation>
    </message>
    <message>
        <source>{weekday}, {day}</source>
        <translation>{weekday}, {day}</translation>
    </message>
    <message>
        <source>now, until {time}</source>
        <translation>jetzt, bis {time}</translation>
    </message>
    <message>
        <source>today {time}</source>
        <translation>heute {time}</translation>
    </message>
    <message>
        <source>tomorrow {time}</source>
        <translation>morgen {time}</translation>
    </message>
    <message>
        <source>Send (Enter)</source>
        <translation>Senden (Enter)</translation>
    </message>
    <message>
        <source>Stop (Esc)</source>
        <translation>Anhalten (Esc)</translation>
    </message>
    <message>
        <source>Ask again: {words}</source>
        <translation>Noch einmal fragen: {words}</translation>
    </message>
    <message>
        <source>Homebody quick prompt</source>
        <translation>Homebody: schnelle Frage</translation>
    </message>
    <message>
        <source>Ask, or say what to do</source>
        <translation>Frag, oder sag, was zu tun ist</translation>
    </message>
    <message>
        <source>Enter asks · ↑ brings earlier ones back · ↓ chooses · Tab does it: a note, an event, a reminder · Esc closes</source>
        <translation>Enter fragt · ↑ holt frühere zurück · ↓ wählt · Tab tut es: Notiz, Termin, Erinnerung · Esc schließt</translation>
    </message>
    <message>
        <source>Your conversations will appear here.</source>
        <translation>Hier erscheinen deine Gespräche.</translation>
    </message>
    <message>
        <source>New conversation (Ctrl+N)</source>
        <translation>Neues Gespräch (Strg+N)</translation>
    </message>
    <message>
        <source>Search conversations</source>
        <translation>Gespräche durchsuchen</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>Gespräche</translation>
    </message>
    <message>
        <source>Nothing found.</source>
        <translation>Nichts gefunden.</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Umbenennen …</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Title of the conversation:</source>
        <translation>Titel des Gesprächs:</translation>
    </message>
    <message>
        <source>Try all again</source>
        <translation>Alle neu versuchen</translation>
    </message>
    <message>
        <source>Skipped ({files})</source>
        <translation>Übersprungen ({files})</translation>
    </message>
    <message>
        <source>and {more} more</source>
        <translation>und {more} weitere</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Neu versuchen</translation>
    </message>
    <message>
        <source>Try {name} again</source>
        <translation>{name} neu versuchen</translation>
    </message>
    <message>
        <source>Starting …</source>
        <translation>Startet …</translation>
    </message>
    <message>
        <source>Indexing progress</source>
        <translation>Fortschritt des Lesens</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>{items} indexed</source>
        <translation>{items} gelesen</translation>
    </message>
    <message>
        <source>nothing indexed yet</source>
        <translation>noch nichts gelesen</translation>
    </message>
    <message>
        <source>Locked</source>
        <translation>Gesperrt</translation>
    </message>
    <message>
        <source>Ready · {held}</source>
        <translation>Bereit · {held}</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>{text} indexing</source>
        <translation>Lesen: {text}</translation>
    </message>
    <message>
        <source> · may ask {cloud} after you confirm</source>
        <translation> · darf {cloud} fragen, wenn du bestätigst</translation>
    </message>
    <message>
        <source> by prompt only</source>
        <translation> nur nach Anweisung</translation>
    </message>
    <message>
        <source>On this computer{model}{alone}{away}</source>
        <translation>Auf diesem Computer{model}{alone}{away}</translation>
    </message>
    <message>
        <source>No adapter fits this model for {prompt_only}.</source>
        <translation>Kein Adapter passt zu diesem Modell für {prompt_only}.</translation>
    </message>
    <message>
        <source>Waiting for mains power</source>
        <translation>Wartet auf Netzstrom</translation>
    </message>
    <message>
        <source>Learning</source>
        <translation>Lernt</translation>
    </message>
    <message>
        <source>Measuring how it is now</source>
        <translation>Misst, wie es jetzt ist</translation>
    </message>
    <message>
        <source>Measuring what it learned</source>
        <translation>Misst, was es gelernt hat</translation>
    </message>
    <message>
        <source>{stage}: {done} of {total}{left}</source>
        <translation>{stage}: {done} von {total}{left}</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>Neu versuchen</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>Einzelheiten kopieren</translation>
    </message>
    <message>
        <source>Open Homebody</source>
        <translation>Homebody öffnen</translation>
    </message>
    <message>
        <source>Quick prompt</source>
        <translation>Schnelle Frage</translation>
    </message>
    <message>
        <source>Summarize selection</source>
        <translation>Markierung zusammenfassen</translation>
    </message>
    <message>
        <source>Pause indexing</source>
        <translation>Lesen ruhen lassen</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Homebody stays in the tray</source>
        <translation>Homebody bleibt im Infobereich</translation>
    </message>
    <message>
        <source>Quit it from the tray&apos;s menu.</source>
        <translation>Beenden lässt es sich im Menü dort.</translation>
    </message>
    <message>
        <source>Resume indexing</source>
        <translation>Weiter lesen</translation>
    </message>
    <message>
        <source>Homebody
{sentence}</source>
        <translation>Homebody
{sentence}</translation>
    </message>
    <message>
        <source>Homebody is locked</source>
        <translation>Homebody ist gesperrt</translation>
    </message>
    <message>
        <source>Passphrase or recovery code</source>
        <translation>Passphrase oder Wiederherstellungscode</translation>
    </message>
    <message>
        <source>Passphrase, or recovery code</source>
        <translation>Passphrase oder Wiederherstellungscode</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>Entsperren</translation>
    </message>
    <message>
        <source>Your store is encrypted. Enter your passphrase to open it.</source>
        <translation>Dein Speicher ist verschlüsselt. Gib deine Passphrase ein, um ihn zu öffnen.</translation>
    </message>
    <message>
        <source>Unlock with the key in this computer&apos;s keyring, or enter your recovery code.</source>
        <translation>Entsperre mit dem Schlüssel im Schlüsselbund dieses Computers, oder gib deinen Wiederherstellungscode ein.</translation>
    </message>
    <message>
        <source>Recovery code, if the keyring fails</source>
        <translation>Wiederherstellungscode, falls nötig</translation>
    </message>
    <message>
        <source>{day} {month} {year}</source>
        <translation>{day}. {month} {year}</translation>
    </message>
    <message>
        <source>List</source>
        <translation>Liste</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>Zeitleiste</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>Verläufe</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Karte</translation>
    </message>
    <message>
        <source>All threads</source>
        <translation>Alle Verläufe</translation>
    </message>
    <message numerus="yes">
        <source>%Ln item(s)</source>
        <translation>
            <numerusform>%Ln Eintrag</numerusform>
            <numerusform>%Ln Einträge</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln thread(s)</source>
        <translation>
            <numerusform>%Ln Verlauf</numerusform>
            <numerusform>%Ln Verläufe</numerusform>
        </translation>
    </message>
    <message>
        <source>{title}: {count}, oldest first</source>
        <translation>{title}: {count}, älteste zuerst</translation>
    </message>
    <message>
        <source>Nothing here has all of this. Take away a filter, or press Esc.</source>
        <translation>Nichts hier hat all das. Nimm einen Filter weg oder drück Esc.</translation>
    </message>
    <message>
        <source>Mails and messages that belong together appear here as one line.</source>
        <translation>Mails und Nachrichten, die zusammengehören, erscheinen hier als eine Zeile.</translation>
    </message>
    <message>
        <source>Photos that know where they were taken appear here.</source>
        <translation>Fotos, die wissen, wo sie entstanden, erscheinen hier.</translation>
    </message>
    <message>
        <source>No photos yet. Add a folder of them on the Sources page.</source>
        <translation>Noch keine Fotos. Füge auf der Seite Quellen einen Ordner hinzu.</translation>
    </message>
    <message>
        <source>Nothing is indexed yet. Choose what Homebody reads on the Sources page.</source>
        <translation>Noch ist nichts gelesen. Wähle auf der Seite Quellen, was Homebody liest.</translation>
    </message>
    <message>
        <source>Jump to a month</source>
        <translation>Zu einem Monat springen</translation>
    </message>
    <message>
        <source>{month} {year}</source>
        <translation>{month} {year}</translation>
    </message>
    <message>
        <source>Only what has these words</source>
        <translation>Nur was diese Wörter hat</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Bibliothek</translation>
    </message>
    <message numerus="yes">
        <source>%Ln passage(s)</source>
        <translation>
            <numerusform>%Ln Textstelle</numerusform>
            <numerusform>%Ln Textstellen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s)</source>
        <translation>
            <numerusform>%Ln Datei</numerusform>
            <numerusform>%Ln Dateien</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln correction(s)</source>
        <translation>
            <numerusform>%Ln Korrektur</numerusform>
            <numerusform>%Ln Korrekturen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln selected word(s)</source>
        <translation>
            <numerusform>%Ln markiertes Wort</numerusform>
            <numerusform>%Ln markierte Wörter</numerusform>
        </translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Senden</translation>
    </message>
    <message>
        <source>New line</source>
        <translation>Neue Zeile</translation>
    </message>
    <message>
        <source>Do it: a note, an event, a draft, a reminder</source>
        <translation>Tu es: Notiz, Termin, Entwurf, Erinnerung</translation>
    </message>
    <message>
        <source>Earlier questions</source>
        <translation>Frühere Fragen</translation>
    </message>
    <message>
        <source>Stop, close the preview, go back</source>
        <translation>Anhalten, Vorschau schließen, zurück</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>Neues Gespräch</translation>
    </message>
    <message>
        <source>Go to the question box</source>
        <translation>Zum Fragefeld</translation>
    </message>
    <message>
        <source>In the library: list, timeline, threads, photos, map</source>
        <translation>In der Bibliothek: Liste, Zeitleiste, Verläufe, Fotos, Karte</translation>
    </message>
    <message>
        <source>In the library: the month after, the month before</source>
        <translation>In der Bibliothek: der Monat danach, der Monat davor</translation>
    </message>
    <message>
        <source>Ask a question</source>
        <translation>Eine Frage stellen</translation>
    </message>
    <message>
        <source>Hats: what they are, and teach them</source>
        <translation>Hüte: was sie sind, und sie lehren</translation>
    </message>
    <message>
        <source>Activity: what is read, in memory, sent and done</source>
        <translation>Aktivität: was gelesen, im Speicher, gesendet und getan ist</translation>
    </message>
    <message>
        <source>Look for sources on this computer</source>
        <translation>Auf diesem Computer nach Quellen suchen</translation>
    </message>
    <message>
        <source>Undo the last deed</source>
        <translation>Die letzte Tat rückgängig machen</translation>
    </message>
    <message>
        <source>Theme: light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Theme: dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Theme: as the system</source>
        <translation>Hell oder dunkel wie das System</translation>
    </message>
    <message>
        <source>Larger text</source>
        <translation>Größerer Text</translation>
    </message>
    <message>
        <source>Smaller text</source>
        <translation>Kleinerer Text</translation>
    </message>
    <message>
        <source>Lock Homebody</source>
        <translation>Homebody sperren</translation>
    </message>
    <message>
        <source>{what}, in any program</source>
        <translation>{what}, in jedem Programm</translation>
    </message>
    <message>
        <source>About, and where my data is</source>
        <translation>Über, und wo meine Daten sind</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>Kopiert.</translation>
    </message>
    <message>
        <source>Kept to learn from.</source>
        <translation>Behalten, um daraus zu lernen.</translation>
    </message>
    <message>
        <source>Draft a reply</source>
        <translation>Antwort entwerfen</translation>
    </message>
    <message>
        <source>Deleted: {title}</source>
        <translation>Gelöscht: {title}</translation>
    </message>
    <message>
        <source>What should the reply say?</source>
        <translation>Was soll die Antwort sagen?</translation>
    </message>
    <message>
        <source>Homebody is still writing. Esc stops it.</source>
        <translation>Homebody schreibt noch. Esc hält es an.</translation>
    </message>
    <message>
        <source>Sent; waiting for the answer …</source>
        <translation>Gesendet; warte auf die Antwort …</translation>
    </message>
    <message>
        <source>No answer came back.</source>
        <translation>Es kam keine Antwort zurück.</translation>
    </message>
    <message>
        <source>Found so far</source>
        <translation>Bisher gefunden</translation>
    </message>
    <message>
        <source>Places</source>
        <translation>Orte</translation>
    </message>
    <message>
        <source>Closer (+)</source>
        <translation>Näher (+)</translation>
    </message>
    <message>
        <source>Further away (-)</source>
        <translation>Weiter weg (-)</translation>
    </message>
    <message>
        <source>Everything (0)</source>
        <translation>Alles (0)</translation>
    </message>
    <message>
        <source>“{title}” in {program}</source>
        <translation>„{title}“ in {program}</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>Wie es ist</translation>
    </message>
    <message>
        <source>As it will be</source>
        <translation>Wie es wird</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>Takes the place of the selection in {where}</source>
        <translation>Tritt an die Stelle der Markierung in {where}</translation>
    </message>
    <message>
        <source>Takes the place of the selection</source>
        <translation>Tritt an die Stelle der Markierung</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>Jederzeit</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Heute</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>Letzte 7 Tage</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>Letzte 30 Tage</translation>
    </message>
    <message>
        <source>This year</source>
        <translation>Dieses Jahr</translation>
    </message>
    <message>
        <source>Last year</source>
        <translation>Voriges Jahr</translation>
    </message>
    <message>
        <source>Anyone</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Name or address</source>
        <translation>Name oder Adresse</translation>
    </message>
    <message>
        <source>Between two days…</source>
        <translation>Zwischen zwei Tagen …</translation>
    </message>
    <message>
        <source>Between two days</source>
        <translation>Zwischen zwei Tagen</translation>
    </message>
    <message>
        <source>First day</source>
        <translation>Erster Tag</translation>
    </message>
    <message>
        <source>Last day</source>
        <translation>Letzter Tag</translation>
    </message>
    <message>
        <source>Look there</source>
        <translation>Dort suchen</translation>
    </message>
    <message>
        <source>All kinds</source>
        <translation>Alle Arten</translation>
    </message>
    <message>
        <source>All sources</source>
        <translation>Alle Quellen</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>Loading …</source>
        <translation>Lädt …</translation>
    </message>
    <message>
        <source>Without a date</source>
        <translation>Ohne Datum</translation>
    </message>
    <message>
        <source>Today, {day}</source>
        <translation>Heute, {day}</translation>
    </message>
    <message>
        <source>Yesterday, {day}</source>
        <translation>Gestern, {day}</translation>
    </message>
    <message>
        <source>all day</source>
        <translation>ganztägig</translation>
    </message>
    <message>
        <source>plays for {length}</source>
        <translation>dauert {length}</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>Einträge</translation>
    </message>
    <message>
        <source>Map of places where pictures were taken</source>
        <translation>Karte der Orte, an denen Bilder entstanden</translation>
    </message>
    <message>
        <source>Arrows move, plus and minus zoom, 0 shows everything.</source>
        <translation>Pfeile verschieben, Plus und Minus vergrößern, 0 zeigt alles.</translation>
    </message>
    <message>
        <source>{value} s</source>
        <translation>{value} s</translation>
    </message>
    <message>
        <source>{value} min</source>
        <translation>{value} min</translation>
    </message>
    <message>
        <source>{value} h</source>
        <translation>{value} h</translation>
    </message>
    <message>
        <source>Choose a part of the screen</source>
        <translation>Teil des Bildschirms wählen</translation>
    </message>
    <message>
        <source>Enter reads it · draw another part, or arrows and Shift+arrows · Tab: all · Esc leaves</source>
        <translation>Enter liest · zieh einen anderen Teil auf, oder Pfeile und Umschalt+Pfeile · Tab: alles · Esc geht</translation>
    </message>
    <message>
        <source>{width} by {height} at {left}, {top}</source>
        <translation>{width} mal {height} bei {left}, {top}</translation>
    </message>
    <message>
        <source>What was sent</source>
        <translation>Was gesendet wurde</translation>
    </message>
    <message>
        <source>{when} · {bytes} bytes</source>
        <translation>{when} · {bytes} Bytes</translation>
    </message>
    <message>
        <source>The whole request</source>
        <translation>Die ganze Anfrage</translation>
    </message>
    <message>
        <source>Client id, as the provider gave it to you</source>
        <translation>Client-ID, wie der Anbieter sie dir gab</translation>
    </message>
    <message>
        <source>Client secret, where there is one</source>
        <translation>Client-Geheimnis, falls es eines gibt</translation>
    </message>
    <message>
        <source>Address to sign in at, https://…</source>
        <translation>Adresse zum Anmelden, https://…</translation>
    </message>
    <message>
        <source>Address that tokens come from, https://…</source>
        <translation>Adresse, von der Tokens kommen, https://…</translation>
    </message>
    <message>
        <source>Register Homebody with your provider once, as a program for computers: it gives you a client id. Then its own page opens in your browser, and only there you type your password.</source>
        <translation>Melde Homebody einmal bei deinem Anbieter an, als Programm für Computer: Er gibt dir eine Client-ID. Dann öffnet sich seine eigene Seite im Browser, und nur dort gibst du dein Passwort ein.</translation>
    </message>
    <message>
        <source>The store is locked before the computer sleeps.</source>
        <translation>Der Speicher wird gesperrt, bevor der Computer ruht.</translation>
    </message>
    <message>
        <source>no endpoint</source>
        <translation>kein Endpunkt</translation>
    </message>
    <message>
        <source>Questions to a larger model</source>
        <translation>Fragen an ein größeres Modell</translation>
    </message>
    <message>
        <source>To {host}, each only after you have read it and said yes.</source>
        <translation>An {host}, jede nur, nachdem du sie gelesen und Ja gesagt hast.</translation>
    </message>
    <message>
        <source>Never: it is switched off.</source>
        <translation>Nie: Es ist ausgeschaltet.</translation>
    </message>
    <message>
        <source>Accounts that are read</source>
        <translation>Gelesene Konten</translation>
    </message>
    <message>
        <source>Your name and password, and requests for mails and events: {accounts}.</source>
        <translation>Dein Name und Passwort und Anfragen nach Mails und Terminen: {accounts}.</translation>
    </message>
    <message>
        <source>None: no account is added.</source>
        <translation>Keine: Kein Konto ist eingetragen.</translation>
    </message>
    <message>
        <source>New events</source>
        <translation>Neue Termine</translation>
    </message>
    <message>
        <source>To {calendar}, each only after you have read it and said yes.</source>
        <translation>An {calendar}, jeder nur, nachdem du ihn gelesen und Ja gesagt hast.</translation>
    </message>
    <message>
        <source>Written to this computer only.</source>
        <translation>Nur auf diesen Computer geschrieben.</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Only the request for the file, and only when you confirm a download.</source>
        <translation>Nur die Anfrage nach der Datei, und nur, wenn du ein Herunterladen bestätigst.</translation>
    </message>
    <message>
        <source>Usage, crash reports, updates</source>
        <translation>Nutzung, Absturzberichte, Aktualisierungen</translation>
    </message>
    <message>
        <source>Never. There is no code for it.</source>
        <translation>Nie. Es gibt keinen Code dafür.</translation>
    </message>
    <message>
        <source>Something may leave, as listed here.</source>
        <translation>Etwas darf hinaus, wie hier aufgeführt.</translation>
    </message>
    <message>
        <source>As it is set now, nothing leaves this computer.</source>
        <translation>So, wie es eingestellt ist, verlässt nichts diesen Computer.</translation>
    </message>
    <message>
        <source>open</source>
        <translation>offen</translation>
    </message>
    <message>
        <source>shut</source>
        <translation>zu</translation>
    </message>
    <message>
        <source>address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>link</source>
        <translation>Link</translation>
    </message>
    <message>
        <source>account or card</source>
        <translation>Konto oder Karte</translation>
    </message>
    <message>
        <source>telephone number</source>
        <translation>Telefonnummer</translation>
    </message>
    <message>
        <source>number</source>
        <translation>Nummer</translation>
    </message>
    <message>
        <source>name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Kept back: ticked words do not leave; the answer has them again</source>
        <translation>Zurückgehalten: Angehaktes geht nicht hinaus; in der Antwort steht es wieder</translation>
    </message>
    <message>
        <source>Passages go along from</source>
        <translation>Textstellen gehen mit aus</translation>
    </message>
    <message numerus="yes">
        <source>%Ln more, as proposed</source>
        <translation>
            <numerusform>%Ln weiteres, wie vorgeschlagen</numerusform>
            <numerusform>%Ln weitere, wie vorgeschlagen</numerusform>
        </translation>
    </message>
    <message>
        <source>Keep back {words}</source>
        <translation>{words} zurückhalten</translation>
    </message>
    <message numerus="yes">
        <source>{path}, %Ln passage(s)</source>
        <translation>
            <numerusform>{path}, %Ln Textstelle</numerusform>
            <numerusform>{path}, %Ln Textstellen</numerusform>
        </translation>
    </message>
    <message>
        <source>Never from here</source>
        <translation>Nie von hier</translation>
    </message>
    <message>
        <source>Never send anything from {path}</source>
        <translation>Nie etwas aus {path} senden</translation>
    </message>
    <message>
        <source>{kind}, goes as {stands}</source>
        <translation>{kind}, geht als {stands}</translation>
    </message>
    <message>
        <source>{kind}, goes as it is</source>
        <translation>{kind}, geht, wie es ist</translation>
    </message>
    <message>
        <source>{said}, {times} times</source>
        <translation>{said}, {times}-mal</translation>
    </message>
    <message>
        <source>About {tokens} tokens go, and at most {back} come back.</source>
        <translation>Etwa {tokens} Token gehen, und höchstens {back} kommen zurück.</translation>
    </message>
    <message>
        <source>{tokens} What they cost is known once the settings have the prices.</source>
        <translation>{tokens} Was sie kosten, ist bekannt, sobald die Preise in den Einstellungen stehen.</translation>
    </message>
    <message>
        <source>{tokens} They cost at most about {cents} cents.</source>
        <translation>{tokens} Sie kosten höchstens etwa {cents} Cent.</translation>
    </message>
    <message>
        <source>… and {rest} more characters, which Copy takes with it.</source>
        <translation>… und {rest} weitere Zeichen, die Kopieren mitnimmt.</translation>
    </message>
</context>
<context>
    <name>below</name>
    <message>
        <source>what was sent cannot be taken back</source>
        <translation>was gesendet ist, lässt sich nicht zurückholen</translation>
    </message>
    <message>
        <source>ask the provider to delete it</source>
        <translation>bitte den Anbieter, es zu löschen</translation>
    </message>
    <message>
        <source>asking elsewhere is switched off</source>
        <translation>anderswo fragen ist ausgeschaltet</translation>
    </message>
    <message>
        <source>switch the cloud on in the settings</source>
        <translation>schalte es in den Einstellungen ein</translation>
    </message>
    <message>
        <source>nothing is fetched here</source>
        <translation>hier wird nichts geholt</translation>
    </message>
    <message>
        <source>homebody models get</source>
        <translation>homebody models get</translation>
    </message>
    <message>
        <source>only notes of the notes folder can be added to</source>
        <translation>nur an Notizen im Notizordner lässt sich etwas anfügen</translation>
    </message>
    <message>
        <source>name one of them</source>
        <translation>nenne einen davon</translation>
    </message>
    <message>
        <source>that note lies outside the notes folder</source>
        <translation>diese Notiz liegt außerhalb des Notizordners</translation>
    </message>
    <message>
        <source>name another</source>
        <translation>nenne einen anderen</translation>
    </message>
    <message>
        <source>no such note</source>
        <translation>diese Notiz gibt es nicht</translation>
    </message>
    <message>
        <source>check the name, or make a new note</source>
        <translation>prüf den Namen, oder mach eine neue Notiz</translation>
    </message>
    <message>
        <source>the note is too large to add to</source>
        <translation>die Notiz ist zu groß, um etwas anzufügen</translation>
    </message>
    <message>
        <source>make a new note</source>
        <translation>mach eine neue Notiz</translation>
    </message>
    <message>
        <source>the note is not UTF-8 text</source>
        <translation>die Notiz ist kein UTF-8-Text</translation>
    </message>
    <message>
        <source>a name or address has characters a mail cannot carry</source>
        <translation>ein Name oder eine Adresse hat Zeichen, die eine Mail nicht tragen kann</translation>
    </message>
    <message>
        <source>the file is not the one that was fetched</source>
        <translation>die Datei ist nicht die, die geholt wurde</translation>
    </message>
    <message>
        <source>remove it by hand</source>
        <translation>entferne sie von Hand</translation>
    </message>
    <message>
        <source>a thousand files have this name already</source>
        <translation>tausend Dateien heißen schon so</translation>
    </message>
    <message>
        <source>tidy up that folder</source>
        <translation>räum diesen Ordner auf</translation>
    </message>
    <message>
        <source>the file is no longer there</source>
        <translation>die Datei ist nicht mehr da</translation>
    </message>
    <message>
        <source>nothing is left to undo</source>
        <translation>nichts ist mehr rückgängig zu machen</translation>
    </message>
    <message>
        <source>the file was changed since</source>
        <translation>die Datei wurde seither geändert</translation>
    </message>
    <message>
        <source>edit or delete it yourself</source>
        <translation>bearbeite oder lösche sie selbst</translation>
    </message>
    <message>
        <source>the folder to write to is missing</source>
        <translation>der Ordner zum Schreiben fehlt</translation>
    </message>
    <message>
        <source>choose another folder</source>
        <translation>wähle einen anderen Ordner</translation>
    </message>
    <message>
        <source>what undoing needs is missing from the journal</source>
        <translation>im Journal fehlt, was zum Rückgängigmachen nötig ist</translation>
    </message>
    <message>
        <source>undo it by hand</source>
        <translation>mach es von Hand rückgängig</translation>
    </message>
    <message>
        <source>there is no such action</source>
        <translation>diese Aktion gibt es nicht</translation>
    </message>
    <message>
        <source>one of {v1}</source>
        <translation>eines von {v1}</translation>
    </message>
    <message>
        <source>this is not what was approved</source>
        <translation>das ist nicht, was bestätigt wurde</translation>
    </message>
    <message>
        <source>ask for it again</source>
        <translation>bitte noch einmal darum</translation>
    </message>
    <message>
        <source>the arguments are not in their final form</source>
        <translation>die Angaben sind noch nicht in ihrer endgültigen Form</translation>
    </message>
    <message>
        <source>{name} cannot be done like this: {faults}</source>
        <translation>{name} geht so nicht: {faults}</translation>
    </message>
    <message>
        <source>say it in other words</source>
        <translation>sag es mit anderen Worten</translation>
    </message>
    <message>
        <source>{name}: the arguments are not plain JSON</source>
        <translation>{name}: Die Angaben sind kein einfaches JSON</translation>
    </message>
    <message>
        <source>which model?</source>
        <translation>welches Modell?</translation>
    </message>
    <message>
        <source>no such setting</source>
        <translation>diese Einstellung gibt es nicht</translation>
    </message>
    <message>
        <source>try again</source>
        <translation>versuch es noch einmal</translation>
    </message>
    <message>
        <source>install Homebody again</source>
        <translation>installiere Homebody noch einmal</translation>
    </message>
    <message>
        <source>that is no address of an account</source>
        <translation>das ist keine Adresse eines Kontos</translation>
    </message>
    <message>
        <source>as in {example}</source>
        <translation>wie in {example}</translation>
    </message>
    <message>
        <source>without https everything could be read on the way</source>
        <translation>ohne https ließe sich unterwegs alles mitlesen</translation>
    </message>
    <message>
        <source>use https:// (http:// only to this computer)</source>
        <translation>nimm https:// (http:// nur zu diesem Computer)</translation>
    </message>
    <message>
        <source>whose calendar is it?</source>
        <translation>wessen Kalender ist es?</translation>
    </message>
    <message>
        <source>give the user&apos;s name</source>
        <translation>gib den Benutzernamen an</translation>
    </message>
    <message>
        <source>internal error: {__name__}: {error}</source>
        <translation>innerer Fehler: {__name__}: {error}</translation>
    </message>
    <message>
        <source>please report this</source>
        <translation>bitte melde das</translation>
    </message>
    <message>
        <source>out of memory</source>
        <translation>der Arbeitsspeicher reicht nicht</translation>
    </message>
    <message>
        <source>close other programs and try again</source>
        <translation>schließ andere Programme und versuch es noch einmal</translation>
    </message>
    <message>
        <source>the disk is full</source>
        <translation>die Platte ist voll</translation>
    </message>
    <message>
        <source>free some space and try again</source>
        <translation>schaff etwas Platz und versuch es noch einmal</translation>
    </message>
    <message>
        <source>the disk is read-only</source>
        <translation>die Platte ist schreibgeschützt</translation>
    </message>
    <message>
        <source>choose a writable folder</source>
        <translation>wähle einen beschreibbaren Ordner</translation>
    </message>
    <message>
        <source>no such file or folder</source>
        <translation>diese Datei oder diesen Ordner gibt es nicht</translation>
    </message>
    <message>
        <source>check the path</source>
        <translation>prüf den Pfad</translation>
    </message>
    <message>
        <source>that is a folder</source>
        <translation>das ist ein Ordner</translation>
    </message>
    <message>
        <source>name a file</source>
        <translation>nenne eine Datei</translation>
    </message>
    <message>
        <source>there is a file in its place</source>
        <translation>an seiner Stelle liegt eine Datei</translation>
    </message>
    <message>
        <source>name a folder</source>
        <translation>nenne einen Ordner</translation>
    </message>
    <message>
        <source>permission denied</source>
        <translation>Zugriff verweigert</translation>
    </message>
    <message>
        <source>check who may read it</source>
        <translation>prüf, wer es lesen darf</translation>
    </message>
    <message>
        <source>try again, or choose another place</source>
        <translation>versuch es noch einmal, oder wähle einen anderen Ort</translation>
    </message>
    <message>
        <source>that is no address of a service</source>
        <translation>das ist keine Adresse eines Dienstes</translation>
    </message>
    <message>
        <source>write https://host/path</source>
        <translation>schreib https://host/pfad</translation>
    </message>
    <message>
        <source>these arguments are not plain JSON</source>
        <translation>diese Angaben sind kein einfaches JSON</translation>
    </message>
    <message>
        <source>no such folder</source>
        <translation>diesen Ordner gibt es nicht</translation>
    </message>
    <message>
        <source>make it, or choose another place</source>
        <translation>leg ihn an, oder wähle einen anderen Ort</translation>
    </message>
    <message>
        <source>the model&apos;s chat format is not one we know: it has the control tokens of none</source>
        <translation>das Chatformat des Modells kennen wir nicht: Es hat die Steuerzeichen von keinem</translation>
    </message>
    <message>
        <source>choose an instruction-tuned model of one of these families</source>
        <translation>wähle ein auf Anweisungen trainiertes Modell aus einer dieser Familien</translation>
    </message>
    <message>
        <source>a prompt starts with a line [system] or [user]</source>
        <translation>eine Eingabe beginnt mit einer Zeile [system] oder [user]</translation>
    </message>
    <message>
        <source>a prompt ends with the user&apos;s turn</source>
        <translation>eine Eingabe endet damit, dass der Benutzer spricht</translation>
    </message>
    <message>
        <source>the prompt&apos;s fields are {v1}</source>
        <translation>die Felder der Eingabe sind {v1}</translation>
    </message>
    <message>
        <source>a role is system, user or assistant</source>
        <translation>eine Rolle ist system, user oder assistant</translation>
    </message>
    <message>
        <source>Light or dark, or as the desktop says.</source>
        <translation>Hell oder dunkel, oder wie es der Desktop sagt.</translation>
    </message>
    <message>
        <source>Text size in percent.</source>
        <translation>Größe des Textes in Prozent.</translation>
    </message>
    <message>
        <source>Closing the window keeps Homebody in the tray.</source>
        <translation>Wird das Fenster geschlossen, bleibt Homebody im Infobereich.</translation>
    </message>
    <message>
        <source>Enter sends and Shift+Enter makes a line; off: the other way round.</source>
        <translation>Enter sendet, Umschalt+Enter macht eine neue Zeile; aus: umgekehrt.</translation>
    </message>
    <message>
        <source>Summarizes the selected text in any program.</source>
        <translation>Fasst den markierten Text in jedem Programm zusammen.</translation>
    </message>
    <message>
        <source>Locks Homebody after so many minutes in which you ask nothing; 0 never does.</source>
        <translation>Sperrt Homebody nach so vielen Minuten, in denen du nichts fragst; 0: nie.</translation>
    </message>
    <message>
        <source>New and changed files wait until you resume reading them.</source>
        <translation>Neue und geänderte Dateien warten, bis du weiterlesen lässt.</translation>
    </message>
    <message>
        <source>On battery changes are read slowly, not at all, or as on mains power.</source>
        <translation>Mit Akku werden Änderungen langsam gelesen, gar nicht, oder wie am Netz.</translation>
    </message>
    <message>
        <source>Your name, as it stands under your mails.</source>
        <translation>Dein Name, wie er unter deinen Mails steht.</translation>
    </message>
    <message>
        <source>Your mail address, for drafts.</source>
        <translation>Deine Mail-Adresse, für Entwürfe.</translation>
    </message>
    <message>
        <source>Folder that mail drafts are written to as .eml files; empty: inside the data folder.</source>
        <translation>Ordner, in den Mail-Entwürfe als .eml-Dateien geschrieben werden; leer: in den Datenordner.</translation>
    </message>
    <message>
        <source>Folder that new notes are written to as Markdown; empty: inside the data folder.</source>
        <translation>Ordner, in den neue Notizen als Markdown geschrieben werden; leer: in den Datenordner.</translation>
    </message>
    <message>
        <source>Offer to ask a larger model elsewhere; each request is shown and confirmed.</source>
        <translation>Anbieten, ein größeres Modell anderswo zu fragen; jede Anfrage wird gezeigt und bestätigt.</translation>
    </message>
    <message>
        <source>Address of an OpenAI-compatible endpoint, ending in /v1.</source>
        <translation>Adresse eines OpenAI-kompatiblen Endpunkts, endet mit /v1.</translation>
    </message>
    <message>
        <source>Name of the model at that endpoint.</source>
        <translation>Name des Modells an diesem Endpunkt.</translation>
    </message>
    <message>
        <source>Port of the local endpoint that `homebody serve` opens; 0 takes a free one.</source>
        <translation>Port des lokalen Endpunkts, den `homebody serve` öffnet; 0 nimmt einen freien.</translation>
    </message>
    <message>
        <source>Keep what you correct in drafts, summaries and proposals, encrypted, to learn from it.</source>
        <translation>Behält verschlüsselt, was du an Entwürfen, Zusammenfassungen und Vorschlägen verbesserst, um daraus zu lernen.</translation>
    </message>
    <message>
        <source>The base model: a key of the catalog, or the path of a GGUF file.</source>
        <translation>Das Grundmodell: ein Schlüssel aus dem Katalog oder der Pfad einer GGUF-Datei.</translation>
    </message>
    <message>
        <source>What runs the language model: llama.cpp anywhere, or MLX; auto takes MLX on Apple silicon.</source>
        <translation>Womit das Sprachmodell läuft: llama.cpp überall, oder MLX; auto nimmt MLX auf Apple-Chips.</translation>
    </message>
    <message>
        <source>How many tokens the model reads at once, as far as it was made for; more take more memory.</source>
        <translation>Wie viele Tokens das Modell auf einmal liest, soweit es dafür gemacht ist; mehr brauchen mehr Speicher.</translation>
    </message>
    <message>
        <source>What the model keeps of what it read: exact, or in half or a quarter of the memory.</source>
        <translation>Was das Modell vom Gelesenen behält: genau, oder in der Hälfte oder einem Viertel des Speichers.</translation>
    </message>
    <message>
        <source>Leave the model in its file&apos;s pages: it may then exceed the memory it is given, only slower.</source>
        <translation>Das Modell in den Seiten seiner Datei lassen: Es darf dann mehr sein, als ihm zusteht, nur langsamer.</translation>
    </message>
    <message>
        <source>Models leave the memory after so many minutes without use; 0 keeps them.</source>
        <translation>Modelle verlassen den Speicher nach so vielen Minuten ohne Gebrauch; 0 behält sie.</translation>
    </message>
    <message>
        <source>Memory all models together may use, in MB; 0 takes half of this machine&apos;s.</source>
        <translation>Speicher, den alle Modelle zusammen nutzen dürfen, in MB; 0 nimmt die Hälfte dieses Computers.</translation>
    </message>
    <message>
        <source>The hub that models are fetched from, each only after you confirm it.</source>
        <translation>Der Hub, von dem Modelle geholt werden, jedes nur nach deiner Bestätigung.</translation>
    </message>
    <message>
        <source>one of: {v1}</source>
        <translation>eines von: {v1}</translation>
    </message>
    <message>
        <source>{key} is true or false</source>
        <translation>{key} ist true oder false</translation>
    </message>
    <message>
        <source>{key} is one of {v2}</source>
        <translation>{key} ist eines von {v2}</translation>
    </message>
    <message>
        <source>{key} is a number from {low} to {high}</source>
        <translation>{key} ist eine Zahl von {low} bis {high}</translation>
    </message>
    <message>
        <source>{key} is a whole path</source>
        <translation>{key} ist ein ganzer Pfad</translation>
    </message>
    <message>
        <source>begin it with / or ~/</source>
        <translation>beginn ihn mit / oder ~/</translation>
    </message>
    <message>
        <source>correct the files of its folder</source>
        <translation>berichtige die Dateien in ihrem Ordner</translation>
    </message>
    <message>
        <source>no such task</source>
        <translation>diese Aufgabe gibt es nicht</translation>
    </message>
    <message>
        <source>homebody tasks list shows those there are</source>
        <translation>homebody tasks list zeigt, welche es gibt</translation>
    </message>
    <message>
        <source>a JSON schema is an object</source>
        <translation>ein JSON-Schema ist ein Objekt</translation>
    </message>
    <message>
        <source>a weights file lies outside its task</source>
        <translation>eine Datei mit Gewichten liegt außerhalb ihrer Aufgabe</translation>
    </message>
    <message>
        <source>the server knows nothing of calendars</source>
        <translation>der Server weiß nichts von Kalendern</translation>
    </message>
    <message>
        <source>check the address</source>
        <translation>prüf die Adresse</translation>
    </message>
    <message>
        <source>there is no calendar at this address</source>
        <translation>an dieser Adresse ist kein Kalender</translation>
    </message>
    <message>
        <source>the connection is not safe: nothing was sent</source>
        <translation>die Verbindung ist nicht sicher: nichts wurde gesendet</translation>
    </message>
    <message>
        <source>check the address; do not send anything there otherwise</source>
        <translation>prüf die Adresse; sende sonst nichts dorthin</translation>
    </message>
    <message>
        <source>the endpoint sends us elsewhere, and we do not follow</source>
        <translation>der Endpunkt schickt uns anderswohin, und wir folgen nicht</translation>
    </message>
    <message>
        <source>if you trust that address, write it into the settings</source>
        <translation>wenn du jener Adresse vertraust, schreib sie in die Einstellungen</translation>
    </message>
    <message>
        <source>the key has characters no key has</source>
        <translation>der Schlüssel hat Zeichen, die kein Schlüssel hat</translation>
    </message>
    <message>
        <source>enter the key again in the settings</source>
        <translation>gib den Schlüssel in den Einstellungen noch einmal ein</translation>
    </message>
    <message>
        <source>the endpoint cannot be reached</source>
        <translation>der Endpunkt ist nicht zu erreichen</translation>
    </message>
    <message>
        <source>check address and network</source>
        <translation>prüf Adresse und Netz</translation>
    </message>
    <message>
        <source>the endpoint stopped answering</source>
        <translation>der Endpunkt antwortet nicht mehr</translation>
    </message>
    <message>
        <source>try again later</source>
        <translation>versuch es später noch einmal</translation>
    </message>
    <message>
        <source>the endpoint broke off its reply</source>
        <translation>der Endpunkt brach seine Antwort ab</translation>
    </message>
    <message>
        <source>the connection broke</source>
        <translation>die Verbindung brach ab</translation>
    </message>
    <message>
        <source>the reply is longer than {size} bytes and was cut off</source>
        <translation>die Antwort ist länger als {size} Bytes und wurde abgeschnitten</translation>
    </message>
    <message>
        <source>ask something smaller, or another endpoint</source>
        <translation>frag etwas Kleineres, oder einen anderen Endpunkt</translation>
    </message>
    <message>
        <source>the reply was not complete after {total} s</source>
        <translation>die Antwort war nach {total} s nicht vollständig</translation>
    </message>
    <message>
        <source>the reply is not that of a chat endpoint</source>
        <translation>die Antwort ist nicht die eines Chat-Endpunkts</translation>
    </message>
    <message>
        <source>check the address; it usually ends in /v1/chat/completions</source>
        <translation>prüf die Adresse; meist endet sie auf /v1/chat/completions</translation>
    </message>
    <message>
        <source>the endpoint gave up</source>
        <translation>der Endpunkt gab auf</translation>
    </message>
    <message>
        <source>try later</source>
        <translation>versuch es später</translation>
    </message>
    <message>
        <source>the server sends us from place to place</source>
        <translation>der Server schickt uns von Ort zu Ort</translation>
    </message>
    <message>
        <source>the server broke off</source>
        <translation>der Server brach ab</translation>
    </message>
    <message>
        <source>that is no token</source>
        <translation>das ist kein Token</translation>
    </message>
    <message>
        <source>enter it again</source>
        <translation>gib es noch einmal ein</translation>
    </message>
    <message>
        <source>there is no password for this account</source>
        <translation>für dieses Konto gibt es kein Passwort</translation>
    </message>
    <message>
        <source>the server sends us elsewhere, and we do not follow</source>
        <translation>der Server schickt uns anderswohin, und wir folgen nicht</translation>
    </message>
    <message>
        <source>if you trust that address, add it instead</source>
        <translation>wenn du jener Adresse vertraust, füg stattdessen sie hinzu</translation>
    </message>
    <message>
        <source>the server&apos;s certificate cannot be trusted: nothing was sent</source>
        <translation>dem Zertifikat des Servers ist nicht zu trauen: nichts wurde gesendet</translation>
    </message>
    <message>
        <source>check the server&apos;s name; do not give the password there otherwise</source>
        <translation>prüf den Namen des Servers; gib das Passwort sonst dort nicht ein</translation>
    </message>
    <message>
        <source>the server answers what we do not understand</source>
        <translation>der Server antwortet, was wir nicht verstehen</translation>
    </message>
    <message>
        <source>the server does not take this {what}</source>
        <translation>der Server nimmt das nicht an: {what}</translation>
    </message>
    <message>
        <source>enter the {what} again; some providers want one made for programs</source>
        <translation>gib es noch einmal ein ({what}); manche Anbieter wollen eines, das für Programme gemacht ist</translation>
    </message>
    <message>
        <source>the event was changed elsewhere meanwhile</source>
        <translation>der Termin wurde inzwischen anderswo geändert</translation>
    </message>
    <message>
        <source>look at it there, then try again</source>
        <translation>sieh ihn dort an und versuch es dann noch einmal</translation>
    </message>
    <message>
        <source>the server cannot be reached</source>
        <translation>der Server ist nicht zu erreichen</translation>
    </message>
    <message>
        <source>check the name and the network</source>
        <translation>prüf den Namen und das Netz</translation>
    </message>
    <message>
        <source>the server does not answer</source>
        <translation>der Server antwortet nicht</translation>
    </message>
    <message>
        <source>the server sends more than a calendar holds</source>
        <translation>der Server sendet mehr, als ein Kalender fasst</translation>
    </message>
    <message>
        <source>the server does not come to an end</source>
        <translation>der Server kommt an kein Ende</translation>
    </message>
    <message>
        <source>the port cannot be used</source>
        <translation>dieser Port ist nicht zu gebrauchen</translation>
    </message>
    <message>
        <source>choose another with --port</source>
        <translation>wähle mit --port einen anderen</translation>
    </message>
    <message>
        <source>the file that came is not the one that was asked for: its checksum differs</source>
        <translation>die gekommene Datei ist nicht die verlangte: Ihre Prüfsumme ist anders</translation>
    </message>
    <message>
        <source>nothing of it was kept; try again later</source>
        <translation>nichts davon wurde behalten; versuch es später</translation>
    </message>
    <message>
        <source>the hub sends us from place to place</source>
        <translation>der Hub schickt uns von Ort zu Ort</translation>
    </message>
    <message>
        <source>the hub sends us elsewhere, and we do not follow</source>
        <translation>der Hub schickt uns anderswohin, und wir folgen nicht</translation>
    </message>
    <message>
        <source>get the file by hand if you trust that place</source>
        <translation>hol die Datei von Hand, wenn du jenem Ort vertraust</translation>
    </message>
    <message>
        <source>the hub does not give the file</source>
        <translation>der Hub gibt die Datei nicht her</translation>
    </message>
    <message>
        <source>try again: it goes on from there</source>
        <translation>versuch es noch einmal: Es geht dort weiter</translation>
    </message>
    <message>
        <source>the hub has another file now than the one that was checked for the catalog</source>
        <translation>der Hub hat jetzt eine andere Datei als die, die für den Katalog geprüft wurde</translation>
    </message>
    <message>
        <source>get it by hand if you want it all the same</source>
        <translation>hol sie von Hand, wenn du sie trotzdem willst</translation>
    </message>
    <message>
        <source>nobody vouches for this file: the catalog has no checksum, and the hub declares none</source>
        <translation>niemand bürgt für diese Datei: Der Katalog hat keine Prüfsumme, und der Hub nennt keine</translation>
    </message>
    <message>
        <source>get it by hand if you trust it</source>
        <translation>hol sie von Hand, wenn du ihr vertraust</translation>
    </message>
    <message>
        <source>the hub has a file of another size than the one that was checked for the catalog</source>
        <translation>die Datei des Hubs ist anders groß als die, die für den Katalog geprüft wurde</translation>
    </message>
    <message>
        <source>the disk has no room for this file</source>
        <translation>die Platte hat keinen Platz für diese Datei</translation>
    </message>
    <message>
        <source>the connection is not safe: nothing was fetched</source>
        <translation>die Verbindung ist nicht sicher: nichts wurde geholt</translation>
    </message>
    <message>
        <source>the hub cannot be reached</source>
        <translation>der Hub ist nicht zu erreichen</translation>
    </message>
    <message>
        <source>check the network</source>
        <translation>prüf das Netz</translation>
    </message>
    <message>
        <source>the hub compresses a file that it should not</source>
        <translation>der Hub komprimiert eine Datei, die er nicht komprimieren soll</translation>
    </message>
    <message>
        <source>the hub gives this file only to those with an account there</source>
        <translation>der Hub gibt diese Datei nur denen, die dort ein Konto haben</translation>
    </message>
    <message>
        <source>get it by hand, then give its path to `homebody models use`</source>
        <translation>hol sie von Hand, dann gib ihren Pfad an `homebody models use`</translation>
    </message>
    <message>
        <source>the hub has no such file any more</source>
        <translation>der Hub hat diese Datei nicht mehr</translation>
    </message>
    <message>
        <source>choose another</source>
        <translation>wähle einen anderen</translation>
    </message>
    <message>
        <source>more came than the file is long</source>
        <translation>es kam mehr, als die Datei lang ist</translation>
    </message>
    <message>
        <source>this file is being fetched already</source>
        <translation>diese Datei wird schon geholt</translation>
    </message>
    <message>
        <source>there is no such folder at the account</source>
        <translation>diesen Ordner gibt es im Konto nicht</translation>
    </message>
    <message>
        <source>no network, or no server of that name</source>
        <translation>kein Netz, oder kein Server dieses Namens</translation>
    </message>
    <message>
        <source>the server offers no encryption: nothing was sent</source>
        <translation>der Server bietet keine Verschlüsselung: nichts wurde gesendet</translation>
    </message>
    <message>
        <source>try without STARTTLS</source>
        <translation>versuch es ohne STARTTLS</translation>
    </message>
    <message>
        <source>the server cannot check passwords just now</source>
        <translation>der Server kann gerade keine Passwörter prüfen</translation>
    </message>
    <message>
        <source>nothing was deleted</source>
        <translation>nichts wurde gelöscht</translation>
    </message>
    <message>
        <source>what should be done?</source>
        <translation>was ist zu tun?</translation>
    </message>
    <message>
        <source>for example &quot;dentist on Tuesday at 9&quot;</source>
        <translation>zum Beispiel „Zahnarzt am Dienstag um 9“</translation>
    </message>
    <message>
        <source>The model gave no usable plan; please say it in other words.</source>
        <translation>Das Modell gab keinen brauchbaren Plan; bitte sag es mit anderen Worten.</translation>
    </message>
    <message>
        <source>That does not ask for an event, a mail, a note or a reminder.</source>
        <translation>Das fragt nicht nach Termin, Mail, Notiz oder Erinnerung.</translation>
    </message>
    <message>
        <source>that cannot be edited</source>
        <translation>das lässt sich nicht bearbeiten</translation>
    </message>
    <message>
        <source>say it anew</source>
        <translation>sag es neu</translation>
    </message>
    <message>
        <source>what is the question?</source>
        <translation>wie lautet die Frage?</translation>
    </message>
    <message>
        <source>for example &quot;when is my flight?&quot;</source>
        <translation>zum Beispiel „wann geht mein Flug?“</translation>
    </message>
    <message>
        <source>the training ended without finishing</source>
        <translation>das Training endete vorzeitig</translation>
    </message>
    <message>
        <source>start it again</source>
        <translation>starte es noch einmal</translation>
    </message>
    <message>
        <source>there are no examples in it</source>
        <translation>es sind keine Beispiele darin</translation>
    </message>
    <message>
        <source>a line is no example</source>
        <translation>eine Zeile ist kein Beispiel</translation>
    </message>
    <message>
        <source>Settings, cloud.enabled</source>
        <translation>Einstellungen, Anbieten</translation>
    </message>
    <message>
        <source>no endpoint is set</source>
        <translation>kein Endpunkt ist eingestellt</translation>
    </message>
    <message>
        <source>set cloud.url and cloud.model</source>
        <translation>stell cloud.url und cloud.model ein</translation>
    </message>
    <message>
        <source>Nothing was found that could be sent along with this question.</source>
        <translation>Nichts fand sich, was mit dieser Frage gesendet werden könnte.</translation>
    </message>
    <message>
        <source>that cannot be undone</source>
        <translation>das lässt sich nicht rückgängig machen</translation>
    </message>
    <message>
        <source>see the journal</source>
        <translation>sieh ins Journal</translation>
    </message>
    <message>
        <source>there is nothing to undo</source>
        <translation>nichts ist rückgängig zu machen</translation>
    </message>
    <message>
        <source>is it a reply or a new mail?</source>
        <translation>ist es eine Antwort oder eine neue Mail?</translation>
    </message>
    <message>
        <source>name the mail it answers, or whom it goes to</source>
        <translation>nenne die Mail, auf die sie antwortet, oder an wen sie geht</translation>
    </message>
    <message>
        <source>a reply keeps the subject of its mail</source>
        <translation>eine Antwort behält den Betreff ihrer Mail</translation>
    </message>
    <message>
        <source>leave the subject out</source>
        <translation>lass den Betreff weg</translation>
    </message>
    <message>
        <source>what should the mail say?</source>
        <translation>was soll in der Mail stehen?</translation>
    </message>
    <message>
        <source>for example &quot;yes, Thursday works&quot;</source>
        <translation>zum Beispiel „ja, Donnerstag passt“</translation>
    </message>
    <message>
        <source>that is a {kind}, not a mail</source>
        <translation>das ist keine Mail ({kind})</translation>
    </message>
    <message>
        <source>give a mail&apos;s uri</source>
        <translation>gib die URI einer Mail an</translation>
    </message>
    <message>
        <source>the mail does not say whom to reply to</source>
        <translation>die Mail sagt nicht, wem zu antworten ist</translation>
    </message>
    <message>
        <source>choose another mail</source>
        <translation>wähle eine andere Mail</translation>
    </message>
    <message>
        <source>the language model ended without finishing</source>
        <translation>das Sprachmodell hörte vorzeitig auf</translation>
    </message>
    <message>
        <source>there is no measure for this task</source>
        <translation>für diese Aufgabe gibt es kein Maß</translation>
    </message>
    <message>
        <source>choose another task</source>
        <translation>wähle eine andere Aufgabe</translation>
    </message>
    <message>
        <source>another adapter is being made or measured</source>
        <translation>ein anderer Adapter entsteht oder wird gemessen</translation>
    </message>
    <message>
        <source>wait for it, or cancel it first</source>
        <translation>warte darauf, oder brich ihn zuerst ab</translation>
    </message>
    <message>
        <source>there is such a folder already</source>
        <translation>diesen Ordner gibt es schon</translation>
    </message>
    <message>
        <source>choose another name</source>
        <translation>wähle einen anderen Namen</translation>
    </message>
    <message>
        <source>the catalog or the hub&apos;s address has changed since you said yes</source>
        <translation>der Katalog oder die Adresse des Hubs hat sich geändert, seit du Ja gesagt hast</translation>
    </message>
    <message>
        <source>the folder is not there now; what is known is kept</source>
        <translation>der Ordner ist gerade nicht da; Bekanntes bleibt</translation>
    </message>
    <message>
        <source>no such item</source>
        <translation>diesen Eintrag gibt es nicht</translation>
    </message>
    <message>
        <source>search shows the uri of each item</source>
        <translation>die Suche zeigt die URI jedes Eintrags</translation>
    </message>
    <message>
        <source>nothing is read from there</source>
        <translation>von dort wird nichts gelesen</translation>
    </message>
    <message>
        <source>see `homebody sources list`</source>
        <translation>siehe `homebody sources list`</translation>
    </message>
    <message>
        <source>the reader gave up: {why}</source>
        <translation>der Leser gab auf: {why}</translation>
    </message>
    <message>
        <source>the task runs by its prompt alone: there is no adapter</source>
        <translation>die Aufgabe läuft allein mit ihrer Anweisung: Es gibt keinen Adapter</translation>
    </message>
    <message>
        <source>no calendar elsewhere is written to here</source>
        <translation>hier wird in keinen Kalender anderswo geschrieben</translation>
    </message>
    <message>
        <source>homebody sources add caldav</source>
        <translation>homebody sources add caldav</translation>
    </message>
    <message>
        <source>Opens the quick prompt over any program, and closes it again.</source>
        <translation>Öffnet die schnelle Frage über jedem Programm und schließt sie wieder.</translation>
    </message>
    <message>
        <source>Reads the text of a window, or of a part of the screen that you choose.</source>
        <translation>Liest den Text eines Fensters oder eines Teils des Bildschirms, den du wählst.</translation>
    </message>
    <message>
        <source>Where new events go: a folder for .ics files, or the address of a calendar of an account that is read, as https://you@dav.example.org/you/home/; empty: inside the data folder.</source>
        <translation>Wohin neue Termine kommen: ein Ordner für .ics-Dateien, oder die Adresse eines Kalenders aus einem gelesenen Konto, etwa https://du@dav.example.org/du/home/; leer: in den Datenordner.</translation>
    </message>
    <message>
        <source>that is no calendar that events can be written to</source>
        <translation>das ist kein Kalender, in den sich Termine schreiben lassen</translation>
    </message>
    <message>
        <source>give the address of one calendar</source>
        <translation>gib die Adresse eines einzelnen Kalenders an</translation>
    </message>
    <message>
        <source>that event was not made by Homebody: it is left alone</source>
        <translation>diesen Termin hat Homebody nicht gemacht: Er bleibt, wie er ist</translation>
    </message>
    <message>
        <source>change it in your calendar program</source>
        <translation>ändere ihn in deinem Kalenderprogramm</translation>
    </message>
    <message>
        <source>that is no event of Homebody&apos;s own</source>
        <translation>das ist kein Termin, den Homebody gemacht hat</translation>
    </message>
    <message>
        <source>nothing was sent</source>
        <translation>nichts wurde gesendet</translation>
    </message>
    <message>
        <source>it is not known whether the event was written: the connection broke</source>
        <translation>es ist nicht bekannt, ob der Termin geschrieben wurde: Die Verbindung brach ab</translation>
    </message>
    <message>
        <source>look into the calendar before you try again</source>
        <translation>sieh in den Kalender, bevor du es noch einmal versuchst</translation>
    </message>
    <message>
        <source>nothing was written: {message}</source>
        <translation>nichts wurde geschrieben: {message}</translation>
    </message>
    <message>
        <source>the server does not let that be written ({status})</source>
        <translation>der Server lässt das nicht schreiben ({status})</translation>
    </message>
    <message>
        <source>choose a calendar that you may change</source>
        <translation>wähle einen Kalender, den du ändern darfst</translation>
    </message>
    <message>
        <source>which calendar are new events for?</source>
        <translation>in welchen Kalender kommen neue Termine?</translation>
    </message>
    <message>
        <source>new events go to an account that Homebody does not read</source>
        <translation>neue Termine kommen in ein Konto, das Homebody nicht liest</translation>
    </message>
    <message>
        <source>homebody sources add caldav, or another actions.calendar</source>
        <translation>homebody sources add caldav, oder ein anderes actions.calendar</translation>
    </message>
    <message>
        <source>the calendar is of an account that Homebody does not read</source>
        <translation>der Kalender gehört zu einem Konto, das Homebody nicht liest</translation>
    </message>
    <message>
        <source>put its folder back as installed</source>
        <translation>leg seinen Ordner zurück, wie er installiert war</translation>
    </message>
    <message>
        <source>that is the base in use</source>
        <translation>das ist das Grundmodell, das in Gebrauch ist</translation>
    </message>
    <message>
        <source>homebody tasks train {task} trains on it</source>
        <translation>homebody tasks train {task} trainiert darauf</translation>
    </message>
    <message>
        <source>no such kind of source: {kind}</source>
        <translation>diese Art von Quelle gibt es nicht: {kind}</translation>
    </message>
    <message>
        <source>that is Homebody&apos;s own data folder</source>
        <translation>das ist Homebodys eigener Datenordner</translation>
    </message>
    <message>
        <source>indexing is running already</source>
        <translation>das Lesen läuft schon</translation>
    </message>
    <message>
        <source>wait for it to finish</source>
        <translation>warte, bis es fertig ist</translation>
    </message>
    <message>
        <source>the passphrase is wrong</source>
        <translation>die Passphrase ist falsch</translation>
    </message>
    <message>
        <source>give the one in use</source>
        <translation>gib die jetzige</translation>
    </message>
    <message>
        <source>this model is part of Homebody</source>
        <translation>dieses Modell gehört zu Homebody</translation>
    </message>
    <message>
        <source>it cannot be removed</source>
        <translation>es lässt sich nicht entfernen</translation>
    </message>
    <message>
        <source>this model is in use</source>
        <translation>dieses Modell ist in Gebrauch</translation>
    </message>
    <message>
        <source>homebody models use {DEFAULT}</source>
        <translation>homebody models use {DEFAULT}</translation>
    </message>
    <message>
        <source>there is nothing of this model here</source>
        <translation>von diesem Modell ist nichts hier</translation>
    </message>
    <message>
        <source>homebody models</source>
        <translation>homebody models</translation>
    </message>
    <message>
        <source>a key of `homebody models`</source>
        <translation>ein Schlüssel aus `homebody models`</translation>
    </message>
    <message>
        <source>the catalog has no such model</source>
        <translation>dieses Modell gibt es im Katalog nicht</translation>
    </message>
    <message>
        <source>{title} is here already: homebody models use {key}</source>
        <translation>{title} ist schon da: homebody models use {key}</translation>
    </message>
    <message>
        <source>{title} is here already, and looks at pictures when they are indexed</source>
        <translation>{title} ist schon da und sieht sich Bilder beim Lesen an</translation>
    </message>
    <message>
        <source>Homebody is locked</source>
        <translation>Homebody ist gesperrt</translation>
    </message>
    <message>
        <source>homebody unlock</source>
        <translation>homebody unlock</translation>
    </message>
    <message>
        <source>homebody key code</source>
        <translation>homebody key code</translation>
    </message>
    <message>
        <source>plug the disk in, or remove it</source>
        <translation>schließ die Platte an, oder entferne die Quelle</translation>
    </message>
    <message>
        <source>no mail address is known for {shown}</source>
        <translation>für {shown} ist keine Mail-Adresse bekannt</translation>
    </message>
    <message>
        <source>write the address</source>
        <translation>schreib die Adresse</translation>
    </message>
    <message>
        <source>{shown} can be {v2}{more}</source>
        <translation>{shown} kann {v2}{more} sein</translation>
    </message>
    <message>
        <source>write the address of the one</source>
        <translation>schreib die Adresse, die du meinst</translation>
    </message>
    <message>
        <source>the server shows nothing at all just now</source>
        <translation>der Server zeigt gerade überhaupt nichts</translation>
    </message>
    <message>
        <source>the courier ended before it had finished</source>
        <translation>der Kurier endete, bevor er fertig war</translation>
    </message>
    <message>
        <source>the account could not be read: {error}</source>
        <translation>das Konto ließ sich nicht lesen: {error}</translation>
    </message>
    <message>
        <source>no such style: {style}</source>
        <translation>diesen Stil gibt es nicht: {style}</translation>
    </message>
    <message>
        <source>there is no text to rewrite</source>
        <translation>da ist kein Text zum Umschreiben</translation>
    </message>
    <message>
        <source>give a file or a selection</source>
        <translation>gib eine Datei oder eine Auswahl an</translation>
    </message>
    <message>
        <source>no such source</source>
        <translation>diese Quelle gibt es nicht</translation>
    </message>
    <message>
        <source>pages that could not be read: {v1}</source>
        <translation>Seiten, die sich nicht lesen ließen: {v1}</translation>
    </message>
    <message>
        <source>its text could not be read: {message}</source>
        <translation>der Text ließ sich nicht lesen: {message}</translation>
    </message>
    <message>
        <source>Send {size} bytes to {provider}</source>
        <translation>{size} Bytes an {provider} senden</translation>
    </message>
    <message>
        <source>Goes to</source>
        <translation>Geht an</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished">Modell</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>Bytes</translation>
    </message>
    <message>
        <source>Sent beside it</source>
        <translation>Daneben gesendet</translation>
    </message>
    <message>
        <source>The whole request</source>
        <translation type="unfinished">Die ganze Anfrage</translation>
    </message>
    <message>
        <source>This leaves your computer: {provider} reads all of it.</source>
        <translation>Das verlässt deinen Computer: {provider} liest alles davon.</translation>
    </message>
    <message>
        <source>Sent {size} bytes to {provider}</source>
        <translation>{size} Bytes an {provider} gesendet</translation>
    </message>
    <message>
        <source>The address was not written by you: {v1}.</source>
        <translation>Die Adresse hast nicht du geschrieben: {v1}.</translation>
    </message>
    <message>
        <source>{when} does not exist on that day: clocks go forward.</source>
        <translation>{when} gibt es an dem Tag nicht: Die Uhren werden vorgestellt.</translation>
    </message>
    <message>
        <source>{when} comes twice on that day: the first is meant.</source>
        <translation>{when} gibt es an dem Tag zweimal: Gemeint ist das erste Mal.</translation>
    </message>
    <message>
        <source>{label} {v2} was not written by you: {v4}.</source>
        <translation>{label} {v2} hast nicht du geschrieben: {v4}.</translation>
    </message>
    <message>
        <source>The name in {v1} looks like another address; mail goes to {v3}.</source>
        <translation>Der Name in {v1} sieht wie eine andere Adresse aus; die Mail geht an {v3}.</translation>
    </message>
    <message>
        <source>The text has a link: {v1}</source>
        <translation>Im Text steht ein Link: {v1}</translation>
    </message>
    <message>
        <source>Create the event “{v1}” on {when}{v4}</source>
        <translation>Termin „{v1}“ anlegen: {when}{v4}</translation>
    </message>
    <message>
        <source>Created the event “{v1}” on {start}</source>
        <translation>Termin „{v1}“ angelegt: {start}</translation>
    </message>
    <message>
        <source>Removed the event from {v1}</source>
        <translation>Termin aus {v1} entfernt</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <source>Time zone</source>
        <translation>Zeitzone</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Beginn</translation>
    </message>
    <message>
        <source>End</source>
        <translation>Ende</translation>
    </message>
    <message>
        <source>All day</source>
        <translation>Ganztägig</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Ort</translation>
    </message>
    <message>
        <source>With</source>
        <translation>Mit</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation type="unfinished">Notizen</translation>
    </message>
    <message>
        <source>Calendar</source>
        <translation type="unfinished">Kalender</translation>
    </message>
    <message>
        <source>At the same time: {v1}</source>
        <translation>Zur selben Zeit: {v1}</translation>
    </message>
    <message>
        <source>{summary} at {host}</source>
        <translation>{summary} bei {host}</translation>
    </message>
    <message>
        <source>This leaves your computer: the event is kept at {host}.</source>
        <translation>Das verlässt deinen Computer: Der Termin liegt bei {host}.</translation>
    </message>
    <message>
        <source>This time has passed.</source>
        <translation>Diese Zeit ist vorbei.</translation>
    </message>
    <message>
        <source>The times are those of {zone}, not of {v3}.</source>
        <translation>Die Zeiten gelten in {zone}, nicht in {v3}.</translation>
    </message>
    <message>
        <source>The guests stand in the event; no invitation is asked to be sent to them.</source>
        <translation>Die Gäste stehen im Termin; niemand wird gebeten, sie einzuladen.</translation>
    </message>
    <message>
        <source>Create the note “{v1}”</source>
        <translation>Notiz „{v1}“ anlegen</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>Schlagwörter</translation>
    </message>
    <message>
        <source>Add to the note</source>
        <translation>Ergänzt die Notiz</translation>
    </message>
    <message>
        <source>Add to the note {v1}</source>
        <translation>Notiz {v1} ergänzen</translation>
    </message>
    <message>
        <source>Created the note “{v1}”</source>
        <translation>Notiz „{v1}“ angelegt</translation>
    </message>
    <message>
        <source>Added to the note {v1}</source>
        <translation>Notiz {v1} ergänzt</translation>
    </message>
    <message>
        <source>Keep a draft to {v1}{more}: “{v4}”</source>
        <translation>Entwurf an {v1}{more} anlegen: „{v4}“</translation>
    </message>
    <message>
        <source>To</source>
        <translation type="unfinished">An</translation>
    </message>
    <message>
        <source>Copy to</source>
        <translation>Kopie an</translation>
    </message>
    <message>
        <source>Subject</source>
        <translation type="unfinished">Betreff</translation>
    </message>
    <message>
        <source>Answer to</source>
        <translation>Antwort auf</translation>
    </message>
    <message>
        <source>In the thread</source>
        <translation>Im Verlauf</translation>
    </message>
    <message>
        <source>Kept a draft to {v1}</source>
        <translation>Entwurf an {v1} angelegt</translation>
    </message>
    <message>
        <source>Your own address is not set; the draft has no sender yet.</source>
        <translation>Deine eigene Adresse ist nicht eingestellt; der Entwurf hat noch keinen Absender.</translation>
    </message>
    <message>
        <source>Fetch {model} ({v3} MB) from {host}</source>
        <translation>{model} ({v3} MB) von {host} holen</translation>
    </message>
    <message>
        <source>Removed {name}</source>
        <translation>{name} entfernt</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>What is sent</source>
        <translation>Was gesendet wird</translation>
    </message>
    <message>
        <source>Checksum (SHA-256)</source>
        <translation>Prüfsumme (SHA-256)</translation>
    </message>
    <message>
        <source>With the small files</source>
        <translation>Mit den kleinen Dateien</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>Licence to agree to</source>
        <translation>Lizenz ist anzunehmen</translation>
    </message>
    <message>
        <source>Kept in</source>
        <translation>Liegt in</translation>
    </message>
    <message>
        <source>{host} sees this computer&apos;s address and which file is asked for.</source>
        <translation>{host} sieht die Adresse dieses Computers und welche Datei verlangt wird.</translation>
    </message>
    <message>
        <source>Fetched {model}</source>
        <translation>{model} geholt</translation>
    </message>
    <message>
        <source>Its checksum is not known here: only {host} vouches for what comes.</source>
        <translation>Die Prüfsumme ist hier nicht bekannt: Nur {host} steht für das ein, was kommt.</translation>
    </message>
    <message>
        <source>It has a licence of its own; your yes agrees to it: {licence}</source>
        <translation>Es hat eine eigene Lizenz; mit deinem Ja nimmst du sie an: {licence}</translation>
    </message>
    <message>
        <source>Put {name} back as it was</source>
        <translation>{name} ist wieder, wie es war</translation>
    </message>
    <message>
        <source>Deleted {name}</source>
        <translation>{name} gelöscht</translation>
    </message>
    <message>
        <source>Remind you on {due}: “{v3}”</source>
        <translation>Dich am {due} erinnern: „{v3}“</translation>
    </message>
    <message>
        <source>Remind me of</source>
        <translation>Erinnere mich an</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Wann</translation>
    </message>
    <message>
        <source>Will remind you on {due}</source>
        <translation>Du wirst am {due} erinnert</translation>
    </message>
    <message>
        <source>This time has passed: it would be shown at once.</source>
        <translation>Diese Zeit ist vorbei: Die Erinnerung käme sofort.</translation>
    </message>
    <message>
        <source>The time is that of {zone}, not of {v3}.</source>
        <translation>Die Zeit gilt in {zone}, nicht in {v3}.</translation>
    </message>
    <message>
        <source>whose home folder is that?</source>
        <translation>Wessen persönlicher Ordner ist das?</translation>
    </message>
    <message>
        <source>write ~/ or the whole path</source>
        <translation>Schreib ~/ oder den ganzen Pfad</translation>
    </message>
    <message>
        <source>a link that leads to itself</source>
        <translation>eine Verknüpfung, die zu sich selbst führt</translation>
    </message>
    <message>
        <source>name another place</source>
        <translation>nenne einen anderen Ort</translation>
    </message>
    <message>
        <source>that name is too long</source>
        <translation>dieser Name ist zu lang</translation>
    </message>
    <message>
        <source>which program signs in?</source>
        <translation>welches Programm meldet sich an?</translation>
    </message>
    <message>
        <source>give the client id that you registered with the provider</source>
        <translation>gib die Client-ID an, die du beim Anbieter registriert hast</translation>
    </message>
    <message>
        <source>where does one sign in?</source>
        <translation>wo meldet man sich an?</translation>
    </message>
    <message>
        <source>give authorize URL and token URL</source>
        <translation>gib Authorize-URL und Token-URL an</translation>
    </message>
    <message>
        <source>The window&apos;s language; system: as the desktop&apos;s.</source>
        <translation>Die Sprache des Fensters; system: wie der Desktop.</translation>
    </message>
    <message>
        <source>Shows the settings that hardly anybody needs to change, too.</source>
        <translation>Zeigt auch die Einstellungen, die kaum jemand ändern muss.</translation>
    </message>
    <message>
        <source>Locks Homebody before this computer sleeps.</source>
        <translation>Sperrt Homebody, bevor dieser Computer in den Ruhezustand geht.</translation>
    </message>
    <message>
        <source>Sources of which nothing is ever sent there: folders or accounts, with ; between them.</source>
        <translation>Quellen, aus denen nie etwas dorthin geht: Ordner oder Konten, mit ; dazwischen.</translation>
    </message>
    <message>
        <source>What the endpoint takes for a million tokens sent, in cents; 0: not known.</source>
        <translation>Was eine Million gesendete Token dort kosten, in Cent; 0: nicht bekannt.</translation>
    </message>
    <message>
        <source>What the endpoint takes for a million tokens that come back, in cents; 0: not known.</source>
        <translation>Was eine Million Token kosten, die zurückkommen, in Cent; 0: nicht bekannt.</translation>
    </message>
    <message>
        <source>Folder of another embedding model, as sentence-transformers saves it; empty: our own. What is stored is embedded anew, and found with the model before until that is done.</source>
        <translation>Ordner eines anderen Embedding-Modells, wie sentence-transformers es speichert; leer: unser eigenes. Gespeichertes wird neu berechnet und bis dahin mit dem vorigen Modell gefunden.</translation>
    </message>
    <message>
        <source>{key} is a key</source>
        <translation>{key} ist eine Taste</translation>
    </message>
    <message>
        <source>such as Ctrl+N or F1; empty for none</source>
        <translation>etwa Ctrl+N oder F1; leer für keine</translation>
    </message>
    <message>
        <source>a folder of more mails than can be read</source>
        <translation>ein Ordner mit mehr Mails, als gelesen werden können</translation>
    </message>
    <message>
        <source>read other folders of the account alone</source>
        <translation>lass nur andere Ordner des Kontos lesen</translation>
    </message>
    <message>
        <source>the account has no folder for {v1}</source>
        <translation>das Konto hat keinen Ordner dafür ({v1})</translation>
    </message>
    <message>
        <source>make one there, called {v1}</source>
        <translation>leg dort einen an, mit dem Namen {v1}</translation>
    </message>
    <message>
        <source>that folder is not there any more</source>
        <translation>dieser Ordner ist nicht mehr da</translation>
    </message>
    <message>
        <source>the folder was made anew meanwhile</source>
        <translation>der Ordner wurde inzwischen neu angelegt</translation>
    </message>
    <message>
        <source>that folder may not be changed</source>
        <translation>dieser Ordner darf nicht geändert werden</translation>
    </message>
    <message>
        <source>a draft needs a Message-ID to be known by</source>
        <translation>ein Entwurf braucht eine Message-ID, an der er zu erkennen ist</translation>
    </message>
    <message>
        <source>this draft is too large to be kept there</source>
        <translation>dieser Entwurf ist zu groß, um dort aufbewahrt zu werden</translation>
    </message>
    <message>
        <source>the draft was not kept</source>
        <translation>der Entwurf wurde nicht aufbewahrt</translation>
    </message>
    <message>
        <source>that is no flag a mail may get</source>
        <translation>diese Markierung darf eine Mail nicht bekommen</translation>
    </message>
    <message>
        <source>the server cannot remove one mail alone</source>
        <translation>der Server kann keine einzelne Mail entfernen</translation>
    </message>
    <message>
        <source>remove it there</source>
        <translation>entferne sie dort</translation>
    </message>
    <message>
        <source>the draft is not there any more</source>
        <translation>der Entwurf ist nicht mehr da</translation>
    </message>
    <message>
        <source>the draft was changed or sent meanwhile: it is left alone</source>
        <translation>der Entwurf wurde inzwischen geändert oder gesendet: Er bleibt, wie er ist</translation>
    </message>
    <message>
        <source>remove it in your mail program</source>
        <translation>entferne ihn in deinem Mailprogramm</translation>
    </message>
    <message>
        <source>the server cannot move mails</source>
        <translation>der Server kann keine Mails verschieben</translation>
    </message>
    <message>
        <source>move them in your mail program</source>
        <translation>verschieb sie in deinem Mailprogramm</translation>
    </message>
    <message>
        <source>the provider does not answer</source>
        <translation>der Anbieter antwortet nicht</translation>
    </message>
    <message>
        <source>the provider gives no token just now</source>
        <translation>der Anbieter gibt gerade kein Token</translation>
    </message>
    <message>
        <source>the provider answers what we do not understand</source>
        <translation>der Anbieter antwortet, was wir nicht verstehen</translation>
    </message>
    <message>
        <source>the provider&apos;s certificate cannot be trusted: nothing was sent</source>
        <translation>dem Zertifikat des Anbieters ist nicht zu trauen: nichts wurde gesendet</translation>
    </message>
    <message>
        <source>the provider cannot be reached</source>
        <translation>der Anbieter ist nicht zu erreichen</translation>
    </message>
    <message>
        <source>check the address and the network</source>
        <translation>prüf die Adresse und das Netz</translation>
    </message>
    <message>
        <source>the provider did not let you in, or you said no</source>
        <translation>der Anbieter ließ dich nicht ein, oder du hast Nein gesagt</translation>
    </message>
    <message>
        <source>no port can be opened here</source>
        <translation>hier lässt sich kein Port öffnen</translation>
    </message>
    <message>
        <source>the provider&apos;s answer does not end</source>
        <translation>die Antwort des Anbieters hört nicht auf</translation>
    </message>
    <message>
        <source>the provider gives no more tokens</source>
        <translation>der Anbieter gibt keine Tokens mehr</translation>
    </message>
    <message>
        <source>sign in again</source>
        <translation>melde dich noch einmal an</translation>
    </message>
    <message>
        <source>the provider refuses this program</source>
        <translation>der Anbieter lehnt dieses Programm ab</translation>
    </message>
    <message>
        <source>check the client id and its secret</source>
        <translation>prüf die Client-ID und ihr Geheimnis</translation>
    </message>
    <message>
        <source>nobody signed in</source>
        <translation>niemand hat sich angemeldet</translation>
    </message>
    <message>
        <source>type: delete everything</source>
        <translation>schreib: delete everything</translation>
    </message>
    <message>
        <source>a line is {&quot;fields&quot;: {…}, &quot;completion&quot;: &quot;…&quot;}</source>
        <translation>eine Zeile ist {&quot;fields&quot;: {…}, &quot;completion&quot;: &quot;…&quot;}</translation>
    </message>
    <message>
        <source>that is not in the request</source>
        <translation>Das steht nicht in der Anfrage</translation>
    </message>
    <message>
        <source>nothing of that source is in the request</source>
        <translation>Aus dieser Quelle steht nichts in der Anfrage</translation>
    </message>
    <message>
        <source>Nothing else was found that could be sent along with this question.</source>
        <translation>Sonst wurde nichts gefunden, was mit dieser Frage gehen könnte.</translation>
    </message>
    <message>
        <source>this proposal sends no passages</source>
        <translation>Dieser Vorschlag sendet keine Textstellen</translation>
    </message>
    <message>
        <source>All that was found is from sources of which nothing may be sent.</source>
        <translation>Alles, was gefunden wurde, stammt aus Quellen, aus denen nichts gesendet werden darf.</translation>
    </message>
    <message>
        <source>what was approved is not kept</source>
        <translation>was bestätigt wurde, ist nicht mehr da</translation>
    </message>
    <message>
        <source>the journal&apos;s line says what it was</source>
        <translation>die Zeile im Journal sagt, was es war</translation>
    </message>
    <message>
        <source>neither a folder nor a file</source>
        <translation>weder ein Ordner noch eine Datei</translation>
    </message>
    <message>
        <source>choose another place</source>
        <translation>wähle einen anderen Ort</translation>
    </message>
    <message>
        <source>too much was waiting to be looked at when it came</source>
        <translation>als es kam, wartete schon zu viel darauf, angesehen zu werden</translation>
    </message>
    <message>
        <source>the mail has changed since it was read</source>
        <translation>die Mail hat sich geändert, seit sie gelesen wurde</translation>
    </message>
    <message>
        <source>no such task: {task}</source>
        <translation>diese Aufgabe gibt es nicht: {task}</translation>
    </message>
    <message>
        <source>ask | summarize | reply | note | event | act | a style</source>
        <translation>ask | summarize | reply | note | event | act | ein Stil</translation>
    </message>
    <message>
        <source>there is no text</source>
        <translation>da ist kein Text</translation>
    </message>
    <message>
        <source>select some, or write it into the box</source>
        <translation>markiere welchen, oder schreib ihn ins Feld</translation>
    </message>
    <message>
        <source>what should be done with it?</source>
        <translation>was soll damit geschehen?</translation>
    </message>
    <message>
        <source>for example &quot;make it friendlier&quot;</source>
        <translation>zum Beispiel „mach es freundlicher“</translation>
    </message>
    <message>
        <source>what should the reply say?</source>
        <translation>was soll die Antwort sagen?</translation>
    </message>
    <message>
        <source>for example &quot;when does it begin?&quot;</source>
        <translation>zum Beispiel „wann fängt es an?“</translation>
    </message>
    <message>
        <source>No day or time is said in these words.</source>
        <translation>In diesen Worten steht kein Tag und keine Uhrzeit.</translation>
    </message>
    <message>
        <source>no such address</source>
        <translation>diese Adresse gibt es nicht</translation>
    </message>
    <message>
        <source>/v1/models or /v1/chat/completions</source>
        <translation>/v1/models oder /v1/chat/completions</translation>
    </message>
    <message>
        <source>n other than 1 and tools are not supported here</source>
        <translation>n außer 1 und Werkzeuge werden hier nicht unterstützt</translation>
    </message>
    <message>
        <source>messages are system, user or assistant, with text</source>
        <translation>Nachrichten sind system, user oder assistant, mit Text</translation>
    </message>
    <message>
        <source>only text can be read</source>
        <translation>nur Text lässt sich lesen</translation>
    </message>
    <message>
        <source>the door did not open</source>
        <translation>der lokale Endpunkt ging nicht auf</translation>
    </message>
    <message>
        <source>no such model</source>
        <translation>dieses Modell gibt es nicht</translation>
    </message>
    <message>
        <source>there are no messages</source>
        <translation>es sind keine Nachrichten da</translation>
    </message>
    <message>
        <source>the request cannot be read</source>
        <translation>die Anfrage lässt sich nicht lesen</translation>
    </message>
    <message>
        <source>only a hat has fields</source>
        <translation>nur ein Hut hat Felder</translation>
    </message>
    <message>
        <source>sign in with your browser</source>
        <translation>melde dich mit deinem Browser an</translation>
    </message>
    <message>
        <source>When should it be? Please say a day or a time.</source>
        <translation>Wann soll es sein? Bitte nenne einen Tag oder eine Uhrzeit.</translation>
    </message>
    <message>
        <source>Whom to? No mail address is known for {who}; please write the address.</source>
        <translation>An wen? Für {who} ist keine Mail-Adresse bekannt; bitte schreib die Adresse.</translation>
    </message>
    <message>
        <source>When should I remind you? Please say a day or a time.</source>
        <translation>Wann soll ich dich erinnern? Bitte nenne einen Tag oder eine Uhrzeit.</translation>
    </message>
    <message>
        <source>there is no text to summarize</source>
        <translation>da ist kein Text zum Zusammenfassen</translation>
    </message>
    <message>
        <source>give a file, a selection or an item&apos;s uri</source>
        <translation>gib eine Datei, eine Auswahl oder die URI eines Eintrags an</translation>
    </message>
    <message>
        <source>a correction that it was learning from was deleted</source>
        <translation>eine Korrektur, aus der gelernt wurde, wurde gelöscht</translation>
    </message>
    <message>
        <source>teach it again</source>
        <translation>lehre es noch einmal</translation>
    </message>
    <message>
        <source>that is no picture</source>
        <translation>das ist kein Bild</translation>
    </message>
    <message>
        <source>choose a photo</source>
        <translation>wähle ein Foto</translation>
    </message>
    <message>
        <source>there is no display to show a window on</source>
        <translation>es gibt keinen Bildschirm, auf dem ein Fenster zu zeigen wäre</translation>
    </message>
    <message>
        <source>start it in a desktop session, or use the command line: homebody ask QUESTION</source>
        <translation>starte es in einer Desktop-Sitzung, oder nimm die Kommandozeile: homebody ask FRAGE</translation>
    </message>
    <message>
        <source>a system library for windows is missing</source>
        <translation>eine Systembibliothek für Fenster fehlt</translation>
    </message>
    <message>
        <source>run packaging/system-packages.sh, or install the package that holds it</source>
        <translation>führe packaging/system-packages.sh aus, oder installiere das Paket, das sie enthält</translation>
    </message>
    <message>
        <source>set model.backend to {LLAMACPP} or {AUTO}</source>
        <translation>setz model.backend auf {LLAMACPP} oder {AUTO}</translation>
    </message>
    <message>
        <source>the model is not here yet</source>
        <translation>das Modell ist noch nicht da</translation>
    </message>
    <message>
        <source>homebody models get {key}</source>
        <translation>homebody models get {key}</translation>
    </message>
    <message>
        <source>the file holds no base model</source>
        <translation>die Datei enthält kein Grundmodell</translation>
    </message>
    <message>
        <source>choose the model itself</source>
        <translation>wähle das Modell selbst</translation>
    </message>
    <message>
        <source>this is no language model</source>
        <translation>das ist kein Sprachmodell</translation>
    </message>
    <message>
        <source>the catalog cannot be read</source>
        <translation>der Katalog lässt sich nicht lesen</translation>
    </message>
    <message>
        <source>the model file cannot be read</source>
        <translation>die Modelldatei lässt sich nicht lesen</translation>
    </message>
    <message>
        <source>the model&apos;s package is not installed</source>
        <translation>das Paket des Modells ist nicht installiert</translation>
    </message>
    <message>
        <source>the embedding model is not installed</source>
        <translation>das Embedding-Modell ist nicht installiert</translation>
    </message>
    <message>
        <source>the embedder&apos;s derived model is damaged</source>
        <translation>das abgeleitete Modell des Embedders ist beschädigt</translation>
    </message>
    <message>
        <source>no embedding model is there</source>
        <translation>es ist kein Embedding-Modell da</translation>
    </message>
    <message>
        <source>model.embedder is a folder that sentence-transformers has saved, or empty</source>
        <translation>model.embedder ist ein Ordner, den sentence-transformers gespeichert hat, oder leer</translation>
    </message>
    <message>
        <source>the embedder&apos;s derived model cannot be read</source>
        <translation>das abgeleitete Modell des Embedders lässt sich nicht lesen</translation>
    </message>
    <message>
        <source>the embedder&apos;s derived model differs from its original</source>
        <translation>das abgeleitete Modell des Embedders weicht von seinem Original ab</translation>
    </message>
    <message>
        <source>the embedder&apos;s derived model does not load</source>
        <translation>das abgeleitete Modell des Embedders lässt sich nicht laden</translation>
    </message>
    <message>
        <source>the embedding model does not load</source>
        <translation>das Embedding-Modell lässt sich nicht laden</translation>
    </message>
    <message>
        <source>the picture model cannot be loaded</source>
        <translation>das Bildmodell lässt sich nicht laden</translation>
    </message>
    <message>
        <source>remove it and get it again</source>
        <translation>entferne es und hol es neu</translation>
    </message>
    <message>
        <source>the model file cannot be used: {why}</source>
        <translation>die Modelldatei ist nicht zu gebrauchen: {why}</translation>
    </message>
    <message>
        <source>get the file again, or choose another</source>
        <translation>hol die Datei noch einmal, oder wähle eine andere</translation>
    </message>
    <message>
        <source>there is no memory left for {name} while others are at work</source>
        <translation>für {name} ist kein Speicher frei, während andere arbeiten</translation>
    </message>
    <message>
        <source>try again when they are done, or raise model.memory_mb</source>
        <translation>versuch es, wenn sie fertig sind, oder erhöhe model.memory_mb</translation>
    </message>
    <message>
        <source>{name} needs more memory than all models together may use</source>
        <translation>{name} braucht mehr Speicher, als alle Modelle zusammen nutzen dürfen</translation>
    </message>
    <message>
        <source>set model.memory_mb to {v1} or more, or choose a smaller one</source>
        <translation>setz model.memory_mb auf {v1} oder mehr, oder wähle ein kleineres</translation>
    </message>
    <message>
        <source>the {name} process did not start</source>
        <translation>der Prozess {name} startete nicht</translation>
    </message>
    <message>
        <source>the temperature is from 0 to 2</source>
        <translation>die Temperatur liegt zwischen 0 und 2</translation>
    </message>
    <message>
        <source>there are at most {MOST_STOPS} stop marks of 1 to {LONGEST_STOP} characters</source>
        <translation>es gibt höchstens {MOST_STOPS} Stoppzeichen mit 1 bis {LONGEST_STOP} Zeichen</translation>
    </message>
    <message>
        <source>a conversation ends with a message to answer</source>
        <translation>ein Gespräch endet mit einer Nachricht, auf die zu antworten ist</translation>
    </message>
    <message>
        <source>there is no text to read</source>
        <translation>da ist kein Text zum Lesen</translation>
    </message>
    <message>
        <source>the number of tokens is too small</source>
        <translation>die Zahl der Tokens ist zu klein</translation>
    </message>
    <message>
        <source>the prompt does not fit the model&apos;s context</source>
        <translation>die Eingabe passt nicht in den Kontext des Modells</translation>
    </message>
    <message>
        <source>MLX does not run {architecture} models here</source>
        <translation>MLX kann {architecture}-Modelle hier nicht ausführen</translation>
    </message>
    <message>
        <source>set model.backend to llamacpp</source>
        <translation>setz model.backend auf llamacpp</translation>
    </message>
    <message>
        <source>MLX does not scale positions by {scaling} here</source>
        <translation>MLX skaliert Positionen hier nicht mit {scaling}</translation>
    </message>
    <message>
        <source>the model has parts that MLX does not run here</source>
        <translation>das Modell hat Teile, die MLX hier nicht ausführen kann</translation>
    </message>
    <message>
        <source>mlx-lm is not installed</source>
        <translation>mlx-lm ist nicht installiert</translation>
    </message>
    <message>
        <source>the model file lacks a value</source>
        <translation>der Modelldatei fehlt ein Wert</translation>
    </message>
    <message>
        <source>the model cannot be loaded</source>
        <translation>das Modell lässt sich nicht laden</translation>
    </message>
    <message>
        <source>the model file lacks a part</source>
        <translation>der Modelldatei fehlt ein Teil</translation>
    </message>
    <message>
        <source>a part of the model file cannot be used</source>
        <translation>ein Teil der Modelldatei ist nicht zu gebrauchen</translation>
    </message>
    <message>
        <source>the picture cannot be read: {error}</source>
        <translation>das Bild lässt sich nicht lesen: {error}</translation>
    </message>
    <message>
        <source>the image cannot be read: {error}</source>
        <translation>das Bild lässt sich nicht lesen: {error}</translation>
    </message>
    <message>
        <source>the page cannot be read: {error}</source>
        <translation>die Seite lässt sich nicht lesen: {error}</translation>
    </message>
    <message>
        <source>the model could not be converted</source>
        <translation>das Modell ließ sich nicht umwandeln</translation>
    </message>
    <message>
        <source>the answer could not be completed to valid JSON</source>
        <translation>die Antwort ließ sich nicht zu gültigem JSON ergänzen</translation>
    </message>
    <message>
        <source>the adapter computes values that are not finite</source>
        <translation>der Adapter rechnet Werte aus, die nicht endlich sind</translation>
    </message>
    <message>
        <source>do not wear it</source>
        <translation>setz ihn nicht auf</translation>
    </message>
    <message>
        <source>the text could not be tokenised</source>
        <translation>der Text ließ sich nicht in Tokens zerlegen</translation>
    </message>
    <message>
        <source>the model does not fit in memory</source>
        <translation>das Modell passt nicht in den Speicher</translation>
    </message>
    <message>
        <source>the model could not go on</source>
        <translation>das Modell kam nicht weiter</translation>
    </message>
    <message>
        <source>the prompt&apos;s state could not be saved</source>
        <translation>der Zustand der Eingabe ließ sich nicht speichern</translation>
    </message>
    <message>
        <source>a saved prompt state could not be restored</source>
        <translation>ein gespeicherter Zustand der Eingabe ließ sich nicht wiederherstellen</translation>
    </message>
    <message>
        <source>the adapter cannot be loaded</source>
        <translation>der Adapter lässt sich nicht laden</translation>
    </message>
    <message>
        <source>the adapter could not be switched</source>
        <translation>der Adapter ließ sich nicht wechseln</translation>
    </message>
    <message>
        <source>the grammar of schema.json is not usable</source>
        <translation>die Grammatik aus schema.json ist nicht zu gebrauchen</translation>
    </message>
    <message>
        <source>schema.json is not a JSON schema we can use</source>
        <translation>schema.json ist kein JSON-Schema, das wir nutzen können</translation>
    </message>
    <message>
        <source>the embedding model that was in use is not here any more</source>
        <translation>das Embedding-Modell, das in Gebrauch war, ist nicht mehr da</translation>
    </message>
    <message>
        <source>another evaluation is running</source>
        <translation>eine andere Messung läuft schon</translation>
    </message>
    <message>
        <source>no such specialist</source>
        <translation>diesen Spezialisten gibt es nicht</translation>
    </message>
    <message>
        <source>no model for pictures is here</source>
        <translation>es ist kein Modell für Bilder da</translation>
    </message>
    <message>
        <source>put its folder back as it was installed</source>
        <translation>leg ihren Ordner zurück, wie er installiert war</translation>
    </message>
    <message>
        <source>a blend names each adapter once, and is worn</source>
        <translation>eine Mischung nennt jeden Adapter einmal und wird getragen</translation>
    </message>
    <message>
        <source>the task has no adapter to blend</source>
        <translation>die Aufgabe hat keinen Adapter zum Mischen</translation>
    </message>
    <message>
        <source>train it again</source>
        <translation>trainiere ihn neu</translation>
    </message>
    <message>
        <source>put the task&apos;s folder back as it was installed</source>
        <translation>leg den Ordner der Aufgabe zurück, wie er installiert war</translation>
    </message>
    <message>
        <source>unlock it, or set HOMEBODY_PASSPHRASE</source>
        <translation>entsperre ihn, oder setz HOMEBODY_PASSPHRASE</translation>
    </message>
    <message>
        <source>Homebody has just been locked</source>
        <translation>Homebody wurde gerade gesperrt</translation>
    </message>
    <message>
        <source>indexing is running</source>
        <translation>das Lesen läuft</translation>
    </message>
    <message>
        <source>pause it, or wait for it to finish</source>
        <translation>lass es ruhen, oder warte, bis es fertig ist</translation>
    </message>
    <message>
        <source>that is no whole backup</source>
        <translation>das ist keine vollständige Sicherung</translation>
    </message>
    <message>
        <source>take another one</source>
        <translation>nimm eine andere</translation>
    </message>
    <message>
        <source>there is such a file already</source>
        <translation>diese Datei gibt es schon</translation>
    </message>
    <message>
        <source>there is a store already</source>
        <translation>es gibt schon einen Speicher</translation>
    </message>
    <message>
        <source>give another folder with --data</source>
        <translation>gib mit --data einen anderen Ordner an</translation>
    </message>
    <message>
        <source>take another backup</source>
        <translation>nimm eine andere Sicherung</translation>
    </message>
    <message>
        <source>a newer Homebody wrote this backup</source>
        <translation>diese Sicherung schrieb ein neueres Homebody</translation>
    </message>
    <message>
        <source>install that version</source>
        <translation>installiere jene Fassung</translation>
    </message>
    <message>
        <source>there are {passages} passages already</source>
        <translation>es sind schon {passages} Textstellen da</translation>
    </message>
    <message>
        <source>give another folder</source>
        <translation>gib einen anderen Ordner an</translation>
    </message>
    <message>
        <source>no such conversation</source>
        <translation>dieses Gespräch gibt es nicht</translation>
    </message>
    <message>
        <source>it may have been deleted</source>
        <translation>vielleicht wurde es gelöscht</translation>
    </message>
    <message>
        <source>the source was removed</source>
        <translation>die Quelle wurde entfernt</translation>
    </message>
    <message>
        <source>add it again</source>
        <translation>füg sie wieder hinzu</translation>
    </message>
    <message>
        <source>the store&apos;s key must be 32 bytes</source>
        <translation>der Schlüssel des Speichers muss 32 Bytes lang sein</translation>
    </message>
    <message>
        <source>the store cannot be written</source>
        <translation>der Speicher lässt sich nicht schreiben</translation>
    </message>
    <message>
        <source>check the folder&apos;s permissions</source>
        <translation>prüf die Rechte des Ordners</translation>
    </message>
    <message>
        <source>the store is busy</source>
        <translation>der Speicher ist beschäftigt</translation>
    </message>
    <message>
        <source>try again in a moment</source>
        <translation>versuch es gleich noch einmal</translation>
    </message>
    <message>
        <source>the disk could not be read or written</source>
        <translation>die Platte ließ sich nicht lesen oder beschreiben</translation>
    </message>
    <message>
        <source>check the disk</source>
        <translation>prüf die Platte</translation>
    </message>
    <message>
        <source>SQLite {sqlite_version} can damage the store</source>
        <translation>SQLite {sqlite_version} kann den Speicher beschädigen</translation>
    </message>
    <message>
        <source>update the package sqlcipher3</source>
        <translation>aktualisiere das Paket sqlcipher3</translation>
    </message>
    <message>
        <source>this SQLite cannot encrypt</source>
        <translation>dieses SQLite kann nicht verschlüsseln</translation>
    </message>
    <message>
        <source>reinstall the package sqlcipher3</source>
        <translation>installiere das Paket sqlcipher3 neu</translation>
    </message>
    <message>
        <source>the store was written by a newer Homebody</source>
        <translation>der Speicher wurde von einem neueren Homebody geschrieben</translation>
    </message>
    <message>
        <source>install that version again</source>
        <translation>installiere jene Fassung wieder</translation>
    </message>
    <message>
        <source>SQLite does not accept {name}={wanted}</source>
        <translation>SQLite nimmt {name}={wanted} nicht an</translation>
    </message>
    <message>
        <source>the store is closed</source>
        <translation>der Speicher ist geschlossen</translation>
    </message>
    <message>
        <source>unlock it again</source>
        <translation>entsperre ihn wieder</translation>
    </message>
    <message>
        <source>run `homebody index`</source>
        <translation>führe `homebody index` aus</translation>
    </message>
    <message>
        <source>compare it with the snapshots</source>
        <translation>vergleich es mit den Sicherungen</translation>
    </message>
    <message>
        <source>delete {aside} when you need the space</source>
        <translation>lösch {aside}, wenn du den Platz brauchst</translation>
    </message>
    <message>
        <source>run `homebody index` to read your sources again</source>
        <translation>führe `homebody index` aus, um deine Quellen neu zu lesen</translation>
    </message>
    <message>
        <source>that cannot be forgotten</source>
        <translation>das lässt sich nicht vergessen</translation>
    </message>
    <message>
        <source>that is not a mail address</source>
        <translation>das ist keine Mail-Adresse</translation>
    </message>
    <message>
        <source>give it as name@example.org, or @example.org for all of them</source>
        <translation>schreib name@example.org, oder @example.org für alle dort</translation>
    </message>
    <message>
        <source>that pattern covers everything</source>
        <translation>dieses Muster trifft alles</translation>
    </message>
    <message>
        <source>such as *.log or drafts/old</source>
        <translation>etwa *.log oder entwuerfe/alt</translation>
    </message>
    <message>
        <source>that is not excluded</source>
        <translation>das ist nicht ausgelassen</translation>
    </message>
    <message>
        <source>what was forgotten is still in the log of the store</source>
        <translation>was vergessen wurde, steht noch im Log des Speichers</translation>
    </message>
    <message>
        <source>close what reads it, and run `homebody doctor`</source>
        <translation>schließ, was es liest, und führe `homebody doctor` aus</translation>
    </message>
    <message>
        <source>no such adapter</source>
        <translation>diesen Adapter gibt es nicht</translation>
    </message>
    <message>
        <source>there is nothing to learn from that</source>
        <translation>daraus ist nichts zu lernen</translation>
    </message>
    <message>
        <source>change the text first</source>
        <translation>ändere zuerst den Text</translation>
    </message>
    <message>
        <source>that text is too long to learn from</source>
        <translation>dieser Text ist zu lang, um daraus zu lernen</translation>
    </message>
    <message>
        <source>no such correction</source>
        <translation>diese Korrektur gibt es nicht</translation>
    </message>
    <message>
        <source>homebody teach TASK --list shows those there are</source>
        <translation>homebody teach TASK --list zeigt, welche es gibt</translation>
    </message>
    <message>
        <source>that adapter was refused</source>
        <translation>dieser Adapter wurde abgelehnt</translation>
    </message>
    <message>
        <source>train another</source>
        <translation>trainiere einen anderen</translation>
    </message>
    <message>
        <source>there is nothing to go back from</source>
        <translation>es gibt nichts, wovon zurückzugehen wäre</translation>
    </message>
    <message>
        <source>the task wears what it came with</source>
        <translation>die Aufgabe trägt, womit sie kam</translation>
    </message>
    <message>
        <source>it may have been removed; search again</source>
        <translation>vielleicht wurde er entfernt; such noch einmal</translation>
    </message>
    <message>
        <source>no such journal entry</source>
        <translation>diesen Eintrag im Journal gibt es nicht</translation>
    </message>
    <message>
        <source>see `homebody journal`</source>
        <translation>siehe `homebody journal`</translation>
    </message>
    <message>
        <source>there is no usable keyring</source>
        <translation>es gibt keinen brauchbaren Schlüsselbund</translation>
    </message>
    <message>
        <source>give a passphrase instead (HOMEBODY_PASSPHRASE for scripts)</source>
        <translation>gib stattdessen eine Passphrase an (HOMEBODY_PASSPHRASE für Skripte)</translation>
    </message>
    <message>
        <source>the keyring is locked</source>
        <translation>der Schlüsselbund ist gesperrt</translation>
    </message>
    <message>
        <source>the keyring did not keep the secret</source>
        <translation>der Schlüsselbund hat das Geheimnis nicht behalten</translation>
    </message>
    <message>
        <source>Homebody is already running on this data folder</source>
        <translation>Homebody läuft schon mit diesem Datenordner</translation>
    </message>
    <message>
        <source>use that one, or quit it first</source>
        <translation>nimm jenes, oder beende es zuerst</translation>
    </message>
    <message>
        <source>it may have been removed meanwhile</source>
        <translation>vielleicht wurde es inzwischen entfernt</translation>
    </message>
    <message>
        <source>homebody restore FILE, from a backup</source>
        <translation>homebody restore FILE, aus einer Sicherung</translation>
    </message>
    <message>
        <source>homebody doctor --restore puts it back</source>
        <translation>homebody doctor --restore stellt ihn wieder her</translation>
    </message>
    <message>
        <source>no {kind} is read from there</source>
        <translation>von dort wird nichts gelesen ({kind})</translation>
    </message>
    <message>
        <source>{kind} is read from there already</source>
        <translation>von dort wird schon gelesen ({kind})</translation>
    </message>
    <message>
        <source>nothing to do</source>
        <translation>nichts zu tun</translation>
    </message>
    <message>
        <source>the folder above it includes this one</source>
        <translation>der Ordner darüber schließt diesen ein</translation>
    </message>
    <message>
        <source>{kind} is read from a folder inside this one</source>
        <translation>aus einem Ordner darin wird schon gelesen ({kind})</translation>
    </message>
    <message>
        <source>remove that first: homebody sources remove {kind} {path}</source>
        <translation>entferne den zuerst: homebody sources remove {kind} {path}</translation>
    </message>
    <message>
        <source>this account is read already</source>
        <translation>dieses Konto wird schon gelesen</translation>
    </message>
    <message>
        <source>to change what is read: homebody sources remove {kind} {path}</source>
        <translation>um zu ändern, was gelesen wird: homebody sources remove {kind} {path}</translation>
    </message>
    <message>
        <source>a new key needs room for a copy of the store</source>
        <translation>ein neuer Schlüssel braucht Platz für eine Kopie des Speichers</translation>
    </message>
    <message>
        <source>free some space</source>
        <translation>schaff etwas Platz</translation>
    </message>
    <message>
        <source>the copy under the new key is not sound</source>
        <translation>die Kopie unter dem neuen Schlüssel ist nicht in Ordnung</translation>
    </message>
    <message>
        <source>no such proposal</source>
        <translation>diesen Vorschlag gibt es nicht</translation>
    </message>
    <message>
        <source>this was not approved</source>
        <translation>das wurde nicht bestätigt</translation>
    </message>
    <message>
        <source>read the proposal and approve it</source>
        <translation>lies den Vorschlag und bestätige ihn</translation>
    </message>
    <message>
        <source>this approval was used already</source>
        <translation>diese Bestätigung ist schon verbraucht</translation>
    </message>
    <message>
        <source>ask for the action again</source>
        <translation>bitte noch einmal um die Aktion</translation>
    </message>
    <message>
        <source>this approval has expired</source>
        <translation>diese Bestätigung ist abgelaufen</translation>
    </message>
    <message>
        <source>read the proposal and approve it again</source>
        <translation>lies den Vorschlag und bestätige ihn noch einmal</translation>
    </message>
    <message>
        <source>the recovery code is wrong</source>
        <translation>der Wiederherstellungscode ist falsch</translation>
    </message>
    <message>
        <source>try again, or use the recovery code</source>
        <translation>versuch es noch einmal, oder nimm den Wiederherstellungscode</translation>
    </message>
    <message>
        <source>this store&apos;s key is in the keyring: open it without a passphrase</source>
        <translation>der Schlüssel dieses Speichers liegt im Schlüsselbund: öffne ihn ohne Passphrase</translation>
    </message>
    <message>
        <source>a passphrase needs at least {_MIN_PASSPHRASE} characters</source>
        <translation>eine Passphrase braucht mindestens {_MIN_PASSPHRASE} Zeichen</translation>
    </message>
    <message>
        <source>take a few words</source>
        <translation>nimm ein paar Wörter</translation>
    </message>
    <message>
        <source>unlock it</source>
        <translation>entsperre ihn</translation>
    </message>
    <message>
        <source>there is no store yet</source>
        <translation>es gibt noch keinen Speicher</translation>
    </message>
    <message>
        <source>create one first</source>
        <translation>lege zuerst einen an</translation>
    </message>
    <message>
        <source>the key found is not this store&apos;s</source>
        <translation>der gefundene Schlüssel gehört nicht zu diesem Speicher</translation>
    </message>
    <message>
        <source>use the recovery code, or put back key.json from the snapshots folder</source>
        <translation>nimm den Wiederherstellungscode, oder leg key.json aus dem Ordner snapshots zurück</translation>
    </message>
    <message>
        <source>the key is not this store&apos;s</source>
        <translation>der Schlüssel gehört nicht zu diesem Speicher</translation>
    </message>
    <message>
        <source>unlock it anew</source>
        <translation>entsperre ihn neu</translation>
    </message>
    <message>
        <source>the keyring does not hold this store&apos;s key</source>
        <translation>der Schlüsselbund hat den Schlüssel dieses Speichers nicht</translation>
    </message>
    <message>
        <source>give the recovery code as passphrase</source>
        <translation>gib den Wiederherstellungscode als Passphrase ein</translation>
    </message>
    <message>
        <source>the store&apos;s key file is damaged</source>
        <translation>die Schlüsseldatei des Speichers ist beschädigt</translation>
    </message>
    <message>
        <source>the store needs its passphrase</source>
        <translation>der Speicher braucht seine Passphrase</translation>
    </message>
    <message>
        <source>type it, or set HOMEBODY_PASSPHRASE</source>
        <translation>gib sie ein, oder setz HOMEBODY_PASSPHRASE</translation>
    </message>
    <message>
        <source>the store&apos;s key file is missing</source>
        <translation>die Schlüsseldatei des Speichers fehlt</translation>
    </message>
    <message>
        <source>the key file was written by a newer Homebody</source>
        <translation>die Schlüsseldatei wurde von einem neueren Homebody geschrieben</translation>
    </message>
    <message>
        <source>as many vectors as passages are needed</source>
        <translation>es braucht so viele Vektoren wie Textstellen</translation>
    </message>
    <message>
        <source>the adapter is too large to be kept</source>
        <translation>der Adapter ist zu groß, um behalten zu werden</translation>
    </message>
    <message>
        <source>train it with a smaller rank, or for fewer of the base&apos;s matrices</source>
        <translation>trainiere ihn mit kleinerem Rang, oder für weniger Matrizen des Grundmodells</translation>
    </message>
    <message>
        <source>adapters cannot be trained or checked on this base</source>
        <translation>auf diesem Grundmodell lassen sich Adapter weder trainieren noch prüfen</translation>
    </message>
    <message>
        <source>choose a base of the Llama, Qwen 3 or Gemma 3 family</source>
        <translation>wähle ein Grundmodell der Familien Llama, Qwen 3 oder Gemma 3</translation>
    </message>
    <message>
        <source>the key for checkpoints has the wrong length</source>
        <translation>der Schlüssel für Zwischenstände hat die falsche Länge</translation>
    </message>
    <message>
        <source>train it for this base from its recipe: homebody tasks port</source>
        <translation>trainiere ihn nach seinem Rezept für dieses Grundmodell: homebody tasks port</translation>
    </message>
    <message>
        <source>the base cannot be read</source>
        <translation>das Grundmodell lässt sich nicht lesen</translation>
    </message>
    <message>
        <source>the examples are all variants of one: none can be held out</source>
        <translation>die Beispiele sind alle Abwandlungen eines einzigen: Keines lässt sich zurückhalten</translation>
    </message>
    <message>
        <source>give examples of two kinds</source>
        <translation>gib Beispiele von zwei Arten</translation>
    </message>
    <message>
        <source>that is a file</source>
        <translation>das ist eine Datei</translation>
    </message>
    <message>
        <source>name a new folder</source>
        <translation>nenne einen neuen Ordner</translation>
    </message>
    <message>
        <source>the folder is not empty</source>
        <translation>der Ordner ist nicht leer</translation>
    </message>
    <message>
        <source>name a new one</source>
        <translation>nenne einen neuen</translation>
    </message>
    <message>
        <source>two adapters of different shapes have nothing between them</source>
        <translation>zwischen zwei Adaptern verschiedener Form liegt nichts</translation>
    </message>
    <message>
        <source>one of the two LoRA matrices is missing</source>
        <translation>eine der beiden LoRA-Matrizen fehlt</translation>
    </message>
    <message>
        <source>the adapter holds something that is no LoRA matrix</source>
        <translation>der Adapter enthält etwas, das keine LoRA-Matrix ist</translation>
    </message>
    <message>
        <source>the adapter&apos;s configuration is damaged</source>
        <translation>die Konfiguration des Adapters ist beschädigt</translation>
    </message>
    <message>
        <source>the adapter&apos;s file is damaged</source>
        <translation>die Datei des Adapters ist beschädigt</translation>
    </message>
    <message>
        <source>there is not enough memory to train or check adapters on this base</source>
        <translation>der Arbeitsspeicher reicht nicht, um auf diesem Grundmodell Adapter zu trainieren oder zu prüfen</translation>
    </message>
    <message>
        <source>close other programs, or choose a smaller base</source>
        <translation>schließ andere Programme, oder wähle ein kleineres Grundmodell</translation>
    </message>
    <message>
        <source>the adapter&apos;s {what} cannot be read</source>
        <translation>vom Adapter lässt sich nicht lesen: {what}</translation>
    </message>
    <message>
        <source>export the adapter again</source>
        <translation>exportiere den Adapter noch einmal</translation>
    </message>
    <message>
        <source>export plain LoRA</source>
        <translation>exportiere einfaches LoRA</translation>
    </message>
    <message>
        <source>Google wants an app password here: make one in your Google account, under Security.</source>
        <translation>Google verlangt hier ein App-Passwort: Leg eines in deinem Google-Konto unter Sicherheit an.</translation>
    </message>
    <message>
        <source>Apple wants an app-specific password here: make one at account.apple.com.</source>
        <translation>Apple verlangt hier ein app-spezifisches Passwort: Leg eines auf account.apple.com an.</translation>
    </message>
    <message>
        <source>Microsoft takes no password here: sign in with your browser.</source>
        <translation>Microsoft nimmt hier kein Passwort: Melde dich mit deinem Browser an.</translation>
    </message>
    <message>
        <source>Yahoo wants an app password here: make one in your account&apos;s security settings.</source>
        <translation>Yahoo verlangt hier ein App-Passwort: Leg eines in den Sicherheitseinstellungen deines Kontos an.</translation>
    </message>
    <message>
        <source>AOL wants an app password here: make one in your account&apos;s security settings.</source>
        <translation>AOL verlangt hier ein App-Passwort: Leg eines in den Sicherheitseinstellungen deines Kontos an.</translation>
    </message>
    <message>
        <source>Fastmail wants an app password here: make one under Privacy &amp; Security.</source>
        <translation>Fastmail verlangt hier ein App-Passwort: Leg eines unter Privacy &amp; Security an.</translation>
    </message>
    <message>
        <source>Switch IMAP on in GMX&apos;s settings first, under POP3/IMAP.</source>
        <translation>Schalte IMAP zuerst in den Einstellungen von GMX ein, unter POP3/IMAP.</translation>
    </message>
    <message>
        <source>Switch IMAP on in WEB.DE&apos;s settings first, under POP3/IMAP.</source>
        <translation>Schalte IMAP zuerst in den Einstellungen von WEB.DE ein, unter POP3/IMAP.</translation>
    </message>
    <message>
        <source>T-Online wants the password for e-mail programs here.</source>
        <translation>T-Online verlangt hier das Passwort für E-Mail-Programme.</translation>
    </message>
    <message>
        <source>Proton is reached through its Bridge on this computer: start it, and take the password it shows.</source>
        <translation>Proton ist über seine Bridge auf diesem Computer zu erreichen: Starte sie und nimm das Passwort, das sie zeigt.</translation>
    </message>
    <message>
        <source>the folder holds no PEFT adapter</source>
        <translation>im Ordner ist kein PEFT-Adapter</translation>
    </message>
    <message>
        <source>choose one that does</source>
        <translation>wähle einen, in dem einer ist</translation>
    </message>
    <message>
        <source>the folder holds no adapter weights</source>
        <translation>im Ordner sind keine Gewichte eines Adapters</translation>
    </message>
    <message>
        <source>the task has no training examples</source>
        <translation>die Aufgabe hat keine Beispiele zum Trainieren</translation>
    </message>
    <message>
        <source>add train.jsonl</source>
        <translation>leg train.jsonl dazu</translation>
    </message>
    <message>
        <source>the task has too few training examples</source>
        <translation>die Aufgabe hat zu wenige Beispiele zum Trainieren</translation>
    </message>
    <message>
        <source>the base has no such matrices</source>
        <translation>das Grundmodell hat solche Matrizen nicht</translation>
    </message>
    <message>
        <source>the adapter would be too large</source>
        <translation>der Adapter würde zu groß</translation>
    </message>
    <message>
        <source>choose a smaller rank or fewer targets in the recipe</source>
        <translation>wähle im Rezept einen kleineren Rang oder weniger Ziele</translation>
    </message>
    <message>
        <source>the adapter to start from has another rank or other targets, or is of another base</source>
        <translation>der Adapter, von dem es ausgehen soll, hat anderen Rang oder andere Ziele, oder ein anderes Grundmodell</translation>
    </message>
    <message>
        <source>start afresh, or give the recipe the rank and targets of that adapter</source>
        <translation>fang neu an, oder gib dem Rezept Rang und Ziele jenes Adapters</translation>
    </message>
    <message>
        <source>the adapter does not mean the same to llama.cpp as to PEFT</source>
        <translation>der Adapter bedeutet für llama.cpp nicht dasselbe wie für PEFT</translation>
    </message>
    <message>
        <source>please report this, with the name of the base</source>
        <translation>bitte melde das, mit dem Namen des Grundmodells</translation>
    </message>
    <message>
        <source>PEFT does not find its way into the base</source>
        <translation>PEFT findet sich im Grundmodell nicht zurecht</translation>
    </message>
    <message>
        <source>what you have copied is too large to be put back afterwards</source>
        <translation>was du kopiert hast, ist zu groß, um danach zurückgelegt zu werden</translation>
    </message>
    <message>
        <source>use Copy, and paste it yourself</source>
        <translation>nimm Kopieren und füge es selbst ein</translation>
    </message>
    <message>
        <source>this desktop lets no program take a hotkey</source>
        <translation>dieser Desktop gibt keinem Programm eine globale Taste</translation>
    </message>
    <message>
        <source>this system takes no hotkeys</source>
        <translation>dieses System nimmt keine globalen Tasten</translation>
    </message>
    <message>
        <source>allow it in System Settings, Privacy &amp; Security, Accessibility, and try again</source>
        <translation>erlaube es in Systemeinstellungen, Datenschutz &amp; Sicherheit, Bedienungshilfen, und versuch es noch einmal</translation>
    </message>
    <message>
        <source>what was attached cannot be read: {error}</source>
        <translation>der Anhang lässt sich nicht lesen: {error}</translation>
    </message>
    <message>
        <source>“{shown}” is damaged, or not a note of Google Keep</source>
        <translation>„{shown}“ ist beschädigt oder keine Notiz aus Google Keep</translation>
    </message>
    <message>
        <source>that is no hotkey</source>
        <translation>das ist keine globale Taste</translation>
    </message>
    <message>
        <source>use a key with Ctrl, Alt or Super, such as Ctrl+Alt+S</source>
        <translation>nimm eine Taste mit Strg, Alt oder Super, etwa Ctrl+Alt+S</translation>
    </message>
    <message>
        <source>this keyboard has no such key</source>
        <translation>diese Tastatur hat keine solche Taste</translation>
    </message>
    <message>
        <source>homebody sources excluded lists what is</source>
        <translation>homebody sources excluded zeigt, was ausgelassen ist</translation>
    </message>
    <message>
        <source>choose another hotkey</source>
        <translation>wähle eine andere Taste</translation>
    </message>
    <message>
        <source>another program has this hotkey already</source>
        <translation>ein anderes Programm hat diese Taste schon</translation>
    </message>
    <message>
        <source>the hotkey was refused</source>
        <translation>die Taste wurde verweigert</translation>
    </message>
    <message>
        <source>choose another one in Settings, Desktop</source>
        <translation>wähle eine andere in den Einstellungen, Arbeitsplatz</translation>
    </message>
    <message>
        <source>the desktop opened no session for hotkeys</source>
        <translation>der Desktop öffnete keine Sitzung für globale Tasten</translation>
    </message>
    <message>
        <source>the desktop&apos;s hotkeys are gone</source>
        <translation>die globalen Tasten des Desktops sind nicht mehr da</translation>
    </message>
    <message>
        <source>macOS does not let Homebody read the selection yet</source>
        <translation>macOS lässt Homebody den markierten Text noch nicht lesen</translation>
    </message>
    <message>
        <source>the desktop gave no picture</source>
        <translation>der Desktop gab kein Bild</translation>
    </message>
    <message>
        <source>the picture is too large</source>
        <translation>das Bild ist zu groß</translation>
    </message>
    <message>
        <source>choose a smaller part</source>
        <translation>wähle einen kleineren Teil</translation>
    </message>
    <message>
        <source>it was not allowed</source>
        <translation>es wurde nicht erlaubt</translation>
    </message>
    <message>
        <source>the desktop refused it</source>
        <translation>der Desktop lehnte es ab</translation>
    </message>
    <message>
        <source>say yes when the desktop asks</source>
        <translation>sag Ja, wenn der Desktop fragt</translation>
    </message>
    <message>
        <source>the desktop refused it: {v1}</source>
        <translation>der Desktop lehnte es ab: {v1}</translation>
    </message>
    <message>
        <source>the picture cannot be read</source>
        <translation>das Bild lässt sich nicht lesen</translation>
    </message>
    <message>
        <source>there is no session bus here</source>
        <translation>hier gibt es keinen Sitzungsbus</translation>
    </message>
    <message>
        <source>this desktop offers no portals</source>
        <translation>dieser Desktop bietet keine Portale</translation>
    </message>
    <message>
        <source>this desktop offers no portal for it ({interface})</source>
        <translation>dieser Desktop bietet dafür kein Portal ({interface})</translation>
    </message>
    <message>
        <source>the desktop did not answer</source>
        <translation>der Desktop antwortete nicht</translation>
    </message>
    <message>
        <source>the socket for a second start cannot be made</source>
        <translation>der Socket für einen zweiten Start lässt sich nicht anlegen</translation>
    </message>
    <message>
        <source>check that the folder is yours and writable</source>
        <translation>prüf, ob der Ordner dir gehört und beschreibbar ist</translation>
    </message>
    <message>
        <source>there is no X11 here</source>
        <translation>hier gibt es kein X11</translation>
    </message>
    <message>
        <source>a system library is missing</source>
        <translation>eine Systembibliothek fehlt</translation>
    </message>
    <message>
        <source>install {package}</source>
        <translation>installiere {package}</translation>
    </message>
    <message>
        <source>another Homebody is using this data folder and does not answer</source>
        <translation>ein anderes Homebody nutzt diesen Datenordner und antwortet nicht</translation>
    </message>
    <message>
        <source>close it, or wait until it has started</source>
        <translation>schließ es, oder warte, bis es gestartet ist</translation>
    </message>
    <message>
        <source>this process may not serve that</source>
        <translation>dieser Prozess darf das nicht leisten</translation>
    </message>
    <message>
        <source>it serves {only}</source>
        <translation>er ist für {only} da</translation>
    </message>
    <message>
        <source>Homebody is running but does not answer</source>
        <translation>Homebody läuft, antwortet aber nicht</translation>
    </message>
    <message>
        <source>close it, or wait a moment and try again</source>
        <translation>schließ es, oder warte einen Moment und versuch es noch einmal</translation>
    </message>
    <message>
        <source>restart Homebody</source>
        <translation>starte Homebody neu</translation>
    </message>
    <message>
        <source>the file is not there any more</source>
        <translation>die Datei ist nicht mehr da</translation>
    </message>
    <message>
        <source>index again</source>
        <translation>lies neu</translation>
    </message>
    <message>
        <source>the quick prompt is measured on an X11 display</source>
        <translation>die schnelle Frage wird auf einem X11-Bildschirm gemessen</translation>
    </message>
    <message>
        <source>see xvfb-run</source>
        <translation>siehe xvfb-run</translation>
    </message>
    <message>
        <source>is there a window manager on this display?</source>
        <translation>gibt es auf diesem Bildschirm eine Fensterverwaltung?</translation>
    </message>
    <message>
        <source>the window is measured on a display</source>
        <translation>das Fenster wird auf einem Bildschirm gemessen</translation>
    </message>
    <message>
        <source>see the log of the engine</source>
        <translation>sieh ins Log der Engine</translation>
    </message>
    <message>
        <source>{command} is missing</source>
        <translation>{command} fehlt</translation>
    </message>
    <message>
        <source>install xdg-utils, or open the file yourself</source>
        <translation>installiere xdg-utils, oder öffne die Datei selbst</translation>
    </message>
    <message>
        <source>the request is too large</source>
        <translation>die Anfrage ist zu groß</translation>
    </message>
    <message>
        <source>send less at once</source>
        <translation>sende weniger auf einmal</translation>
    </message>
    <message>
        <source>{name} stopped before it had finished</source>
        <translation>{name} hielt an, bevor es fertig war</translation>
    </message>
    <message>
        <source>needs more memory than a reader may use</source>
        <translation>braucht mehr Speicher, als ein Leser nutzen darf</translation>
    </message>
    <message>
        <source>no network filter for this processor</source>
        <translation>für diesen Prozessor gibt es keinen Netzfilter</translation>
    </message>
    <message>
        <source>the kernel refused the network filter</source>
        <translation>der Kernel lehnte den Netzfilter ab</translation>
    </message>
    <message>
        <source>Homebody does not run without it</source>
        <translation>Homebody läuft nicht ohne ihn</translation>
    </message>
    <message>
        <source>the request is malformed</source>
        <translation>die Anfrage ist fehlerhaft</translation>
    </message>
    <message>
        <source>the answer is too large</source>
        <translation>die Antwort ist zu groß</translation>
    </message>
    <message>
        <source>ask for less</source>
        <translation>frag nach weniger</translation>
    </message>
    <message>
        <source>it cannot be shown: {error}</source>
        <translation>es lässt sich nicht zeigen: {error}</translation>
    </message>
    <message>
        <source>the {name} process stopped</source>
        <translation>der Prozess {name} ist stehen geblieben</translation>
    </message>
    <message>
        <source>too large for a calendar</source>
        <translation>zu groß für einen Kalender</translation>
    </message>
    <message>
        <source>a deleted note{shown}</source>
        <translation>eine gelöschte Notiz{shown}</translation>
    </message>
    <message>
        <source>a note{shown} that is locked with a password</source>
        <translation>eine Notiz{shown}, die mit einem Passwort gesperrt ist</translation>
    </message>
    <message>
        <source>a note{shown} whose text is not on this computer</source>
        <translation>eine Notiz{shown}, deren Text nicht auf diesem Computer liegt</translation>
    </message>
    <message>
        <source>no notes in this database of Apple Notes</source>
        <translation>keine Notizen in dieser Datenbank von Apple Notes</translation>
    </message>
    <message>
        <source>a note{shown}: {error}</source>
        <translation>eine Notiz{shown}: {error}</translation>
    </message>
    <message>
        <source>not a note: {suffix} files are not read as notes</source>
        <translation>keine Notiz: {suffix}-Dateien werden nicht als Notizen gelesen</translation>
    </message>
    <message>
        <source>an empty note</source>
        <translation>eine leere Notiz</translation>
    </message>
    <message>
        <source>not a database of Apple Notes</source>
        <translation>keine Datenbank von Apple Notes</translation>
    </message>
    <message>
        <source>a part of this note is damaged; what is attached is not read</source>
        <translation>ein Teil dieser Notiz ist beschädigt; Angehängtes wird nicht gelesen</translation>
    </message>
    <message>
        <source>attachment “{v1}”: its data is damaged</source>
        <translation>Anhang „{v1}“: Seine Daten sind beschädigt</translation>
    </message>
    <message>
        <source>a damaged note of Google Keep</source>
        <translation>eine beschädigte Notiz von Google Keep</translation>
    </message>
    <message>
        <source>this file could not be read: {v1}</source>
        <translation>diese Datei ließ sich nicht lesen: {v1}</translation>
    </message>
    <message>
        <source>not a file but a device, pipe or socket</source>
        <translation>keine Datei, sondern Gerät, Pipe oder Socket</translation>
    </message>
    <message>
        <source>the file&apos;s name is not valid UTF-8; rename it to have it read</source>
        <translation>der Dateiname ist kein gültiges UTF-8; benenne sie um, damit sie gelesen wird</translation>
    </message>
    <message>
        <source>this folder could not be read: {v1}</source>
        <translation>dieser Ordner ließ sich nicht lesen: {v1}</translation>
    </message>
    <message>
        <source>attachment “{v1}” is not in this export</source>
        <translation>Anhang „{v1}“ ist nicht in diesem Export</translation>
    </message>
    <message>
        <source>attachment “{v1}” is larger than {v3} MB</source>
        <translation>Anhang „{v1}“ ist größer als {v3} MB</translation>
    </message>
    <message>
        <source>a note that Joplin has encrypted; export it as JEX</source>
        <translation>eine von Joplin verschlüsselte Notiz; exportiere sie als JEX</translation>
    </message>
    <message>
        <source>a note in Joplin&apos;s bin</source>
        <translation>eine Notiz in Joplins Papierkorb</translation>
    </message>
    <message>
        <source>attachment “{v1}” could not be read: {v3}</source>
        <translation>Anhang „{v1}“ ließ sich nicht lesen: {v3}</translation>
    </message>
    <message>
        <source>a note that is too long</source>
        <translation>eine zu lange Notiz</translation>
    </message>
    <message>
        <source>attachment “{shown}” of “{v3}”: {error}</source>
        <translation>Anhang „{shown}“ von „{v3}“: {error}</translation>
    </message>
    <message>
        <source>“{title}” is not a text: it holds binary data</source>
        <translation>„{title}“ ist kein Text: Es enthält Binärdaten</translation>
    </message>
    <message>
        <source>“{title}”: an empty page</source>
        <translation>„{title}“: eine leere Seite</translation>
    </message>
    <message>
        <source>an encrypted note; choose “Decrypted” when you export</source>
        <translation>eine verschlüsselte Notiz; wähle beim Export „Decrypted“</translation>
    </message>
    <message>
        <source>a note in Standard Notes&apos; bin</source>
        <translation>eine Notiz im Papierkorb von Standard Notes</translation>
    </message>
    <message>
        <source>a note of the kind “{kind}”, which is not text</source>
        <translation>eine Notiz der Art „{kind}“, die kein Text ist</translation>
    </message>
    <message>
        <source>a damaged note: it has no id</source>
        <translation>eine beschädigte Notiz: Sie hat keine Kennung</translation>
    </message>
    <message>
        <source>a part of this backup is damaged and was left out</source>
        <translation>ein Teil dieser Sicherung ist beschädigt und wurde ausgelassen</translation>
    </message>
    <message>
        <source>unlock it, or give a passphrase instead (HOMEBODY_PASSPHRASE for scripts)</source>
        <translation>entsperre ihn, oder gib stattdessen eine Passphrase an (HOMEBODY_PASSPHRASE für Skripte)</translation>
    </message>
    <message>
        <source>a damaged note: where it begins cannot be made out</source>
        <translation>eine beschädigte Notiz: wo sie beginnt, ist nicht zu erkennen</translation>
    </message>
    <message>
        <source>a note that is not read: it defines its own entities, as only traps do</source>
        <translation>eine Notiz, die nicht gelesen wird: sie definiert eigene Entitäten, wie es nur Fallen tun</translation>
    </message>
    <message>
        <source>not a note: a .json file is read only where Google Keep or Standard Notes wrote it</source>
        <translation>keine Notiz: Eine .json-Datei wird nur gelesen, wenn Google Keep oder Standard Notes sie geschrieben hat</translation>
    </message>
    <message>
        <source>a damaged note: Joplin&apos;s lines at its end are missing</source>
        <translation>eine beschädigte Notiz: Joplins Zeilen an ihrem Ende fehlen</translation>
    </message>
    <message>
        <source>a note in Google Keep&apos;s bin</source>
        <translation>eine Notiz im Papierkorb von Google Keep</translation>
    </message>
    <message>
        <source>it was rewritten again and again while it was read; it is read anew when it changes</source>
        <translation>sie wurde beim Lesen immer wieder neu geschrieben; sie wird neu gelesen, wenn sie sich ändert</translation>
    </message>
    <message>
        <source>no page was visited or bookmarked here</source>
        <translation>hier wurde keine Seite besucht oder gemerkt</translation>
    </message>
    <message>
        <source>browser history: {error}</source>
        <translation>Browserverlauf: {error}</translation>
    </message>
    <message>
        <source>bookmarks: {error}</source>
        <translation>Lesezeichen: {error}</translation>
    </message>
    <message>
        <source>not a calendar: its name does not end in .ics</source>
        <translation>kein Kalender: Der Name endet nicht auf .ics</translation>
    </message>
    <message>
        <source>an empty file</source>
        <translation>eine leere Datei</translation>
    </message>
    <message>
        <source>no events in this calendar</source>
        <translation>keine Termine in diesem Kalender</translation>
    </message>
    <message>
        <source>not a contact: its name does not end in .vcf, .ldif or .csv</source>
        <translation>kein Kontakt: Der Name endet nicht auf .vcf, .ldif oder .csv</translation>
    </message>
    <message>
        <source>not read as contacts: {error}</source>
        <translation>nicht als Kontakte gelesen: {error}</translation>
    </message>
    <message>
        <source>what programs fetched or built is not read</source>
        <translation>was Programme geholt oder gebaut haben, wird nicht gelesen</translation>
    </message>
    <message>
        <source>not a document: the sign that one is open in Office</source>
        <translation>kein Dokument: das Zeichen, dass eines in Office offen ist</translation>
    </message>
    <message>
        <source>not a document: {named} not read as documents</source>
        <translation>kein Dokument: {named} werden nicht als Dokumente gelesen</translation>
    </message>
    <message>
        <source>no export of Apple Health here (export.zip, or export.xml in it)</source>
        <translation>kein Export von Apple Health (export.zip oder export.xml darin)</translation>
    </message>
    <message>
        <source>a health export without any measurements</source>
        <translation>ein Gesundheits-Export ohne Messungen</translation>
    </message>
    <message>
        <source>this health export could not be read: {told}</source>
        <translation>dieser Gesundheits-Export ließ sich nicht lesen: {told}</translation>
    </message>
    <message>
        <source>an empty message</source>
        <translation>eine leere Nachricht</translation>
    </message>
    <message>
        <source>a message without any headers</source>
        <translation>eine Nachricht ohne Kopfzeilen</translation>
    </message>
    <message>
        <source>a mail of {size} MB: only its headers were read</source>
        <translation>eine Mail von {size} MB: nur die Kopfzeilen wurden gelesen</translation>
    </message>
    <message>
        <source>attachment “{v1}”: {error}</source>
        <translation>Anhang „{v1}“: {error}</translation>
    </message>
    <message>
        <source>a part of this export could not be read: {error}</source>
        <translation>ein Teil dieses Exports ließ sich nicht lesen: {error}</translation>
    </message>
    <message>
        <source>not an export of WhatsApp, Signal, Telegram, Slack or SMS Backup &amp; Restore</source>
        <translation>kein Export von WhatsApp, Signal, Telegram, Slack oder SMS Backup &amp; Restore</translation>
    </message>
    <message>
        <source>not a note: {v1} not read as notes</source>
        <translation>keine Notiz: {v1} werden nicht als Notizen gelesen</translation>
    </message>
    <message>
        <source>a text of {v1} MB is too long for a note</source>
        <translation>ein Text von {v1} MB ist zu lang für eine Notiz</translation>
    </message>
    <message>
        <source>not a text: it holds binary data though it is named {suffix}</source>
        <translation>kein Text: Er enthält Binärdaten, obwohl er {suffix} heißt</translation>
    </message>
    <message>
        <source>the same note as in {name}</source>
        <translation>dieselbe Notiz wie in {name}</translation>
    </message>
    <message>
        <source>this picture could not be read: {told}</source>
        <translation>dieses Bild ließ sich nicht lesen: {told}</translation>
    </message>
    <message>
        <source>this picture needs more memory than it may take</source>
        <translation>dieses Bild braucht mehr Speicher, als es nehmen darf</translation>
    </message>
    <message>
        <source>Act</source>
        <translation>Handeln</translation>
    </message>
    <message>
        <source>Turns a request into one action with the person&apos;s own words as its arguments.</source>
        <translation>Macht aus einer Bitte eine Aktion, mit deinen eigenen Worten darin.</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>Answers a question from one passage, or says that it does not.</source>
        <translation>Beantwortet eine Frage aus einer Textstelle, oder sagt, dass sie es nicht tut.</translation>
    </message>
    <message>
        <source>Draft</source>
        <translation>Entwerfen</translation>
    </message>
    <message>
        <source>Writes a reply or a new mail from a few words, and its subject line.</source>
        <translation>Schreibt aus ein paar Worten eine Antwort oder eine neue Mail samt Betreff.</translation>
    </message>
    <message>
        <source>Rewrite</source>
        <translation>Umschreiben</translation>
    </message>
    <message>
        <source>Says the same in another way: corrected, shorter, friendlier or more formal.</source>
        <translation>Sagt dasselbe anders: korrigiert, kürzer, freundlicher oder förmlicher.</translation>
    </message>
    <message>
        <source>Summarize</source>
        <translation>Zusammenfassen</translation>
    </message>
    <message>
        <source>Says in two to four sentences what a text says.</source>
        <translation>Sagt in zwei bis vier Sätzen, was ein Text sagt.</translation>
    </message>
</context>
</TS>
