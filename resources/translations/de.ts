<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name></name>
    <message>
        <source>Mail account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>any provider, by IMAP</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calendar account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>any provider, by CalDAV</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mail server, as imap.example.org</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calendar address, as dav.example.org</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mail address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mail address or user name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is an OAuth2 token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log in and read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Homebody reads your {what} there and changes nothing. The password stays in this computer&apos;s keyring, or encrypted in your store.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another password for {known}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a {account}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type the password.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Logging in at {host}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only {host} is contacted, and only over TLS.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This computer itself is asked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit and ask again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You asked: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking in your data …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask a bigger model…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit the text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading {n} …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing found yet …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading{share} …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left as you wrote it: {kept}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looked at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Made elsewhere; not checked against your data.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not found in your data. {searched}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Closest, but not an answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Underlined: nothing in your data was found for this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not found in your data.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sources</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mail</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Event</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Photo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Video</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attachment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contact</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Document</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Web page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Health</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Source {n}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>+{alike} alike</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>page {page}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show {more} more of {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Notes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calendar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Photos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What did I agree to last week?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When is my next appointment?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is the booking reference of my trip?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask about your mail, notes, calendar and photos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Summarize this item</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draft a reply: {say}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write a mail to {to}: {say}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confirm it in the sheet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing to do: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer ended early.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No answer: something went wrong.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What would you like to know?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Homebody looks through your own mail, notes, calendar and photos, and shows where each answer comes from. Nothing leaves this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look only in {source}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write a mail</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Addresses, or names from your mails; a comma between them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Subject</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Subject; leave it empty to have it written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What should the mail say?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What should it say? A few words are enough.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is sent: you get a draft to check.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Homebody will do this on your computer only after you say yes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This question and these passages leave your computer only after you say yes, once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Homebody will fetch this file, and send nothing but the request for it, only after you say yes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Please confirm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use these words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send this</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fetch it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Yes, do this</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exactly this leaves the computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exactly what is sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>from you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>suggested</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped. Getting it again goes on from here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undone: {summary}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done: {summary}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What did I promise to do this month?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which notes mention a trip?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Learn from what I change. It stays on this computer, encrypted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The text, to be edited</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mbox files, Maildir folders, Thunderbird, .eml files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Obsidian, Markdown, text, exports of note programs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>.ics files and folders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>folders of pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>.vcf files and folders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Documents</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PDF, Word, Excel, books, code and text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Messages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>exports of WhatsApp, Signal, Telegram, Slack, SMS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Browser</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>history and bookmarks of Firefox, Chromium, Safari</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>an export of Apple Health</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show {more} more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking in the usual places …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing else was found in the usual places.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read {title}: {name}, {path}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look for more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read what is ticked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Found on this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>over {files}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Welcome to Homebody</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Step 1 of 3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Skip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Continue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the key in this computer&apos;s keyring (recommended)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Protect it with a passphrase of my own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>✓  Mail, notes, calendar and photos are read here and stay here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>✓  What Homebody knows is encrypted on this disk.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>✓  The model runs on this computer. No account, no telemetry.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>✓  Nothing leaves it unless you have read exactly what, and said yes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everything stays on this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key to your store</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The passphrase needs at least {least} characters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The two passphrases differ.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recovery code</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your recovery code</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>If the keyring is lost or the passphrase forgotten, this code alone opens your store. It is shown only now. Write it down and keep it somewhere safe.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What should Homebody read?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Found on this computer; nothing of it is read before you tick it. What you tick is only read, and can be removed at any time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add another folder of</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add {source}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask something</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your first question</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try a question</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model is here already and works offline. Indexing goes on meanwhile; words are found as soon as they are read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Step {step} of 3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>I have kept it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Item</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sender</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder or file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Names like this</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget this…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget all from {sender}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget {name} for good?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It leaves the index, answers that stood on it, corrections and snapshots, and is not read again. The file itself stays as it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{items} forgotten.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Names like…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Never read ({excluded})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Never read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folders, senders or names that Homebody passes over.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This removes {items} from Homebody. The files stay as they are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing that is known now is covered; it will be passed over from now on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave out a folder or file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What lies in it is not read, and what is known of it goes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave out a sender</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>name@example.org, or @example.org</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An address, or all of a domain.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave out names like …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>*.log, node_modules, drafts/old</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every file and folder of such a name; * stands for any letters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>looking for changes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reading pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>understanding</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Indexing paused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for changes …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> {done} of {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, {left_s} left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Indexing stopped; trying again soon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Indexing stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{n} s</source>
        <comment>seconds</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} min</source>
        <comment>minutes</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{n} h</source>
        <comment>hours</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{file}: {done} of {total} MB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, {rate} MB/s, {left} left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Download progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> · only the hub vouches for the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size} MB, needs {ram} GB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> · finds photos by what they show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Get…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Get {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} is in use.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} was removed from this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check everything</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where is my data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Homebody {version}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A private assistant that lives on your own computer. Apache-2.0.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lock now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key is in this computer&apos;s keyring.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key is under your passphrase.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Questions may go to {cloud}, each only after you confirm it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{items} and {passages}, encrypted. {key}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing leaves this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size} MB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only this window and its engine.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Came with Homebody</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No adapter for this model: it works by its instructions alone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Yours, taught from your corrections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Yours, trained here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Yours, brought in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Yours, trained for this model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hats</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One small model wears a hat for each job. A hat can learn from what you correct in its drafts, summaries and proposals; it is put on only where it is measurably better.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking at the hats …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} is back to what it wore before.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> {title} has learned from it: teach it anew to be without it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deleted.{more}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What you correct is not kept, so the hats learn nothing from you yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep it, encrypted, to learn from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Teaching {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on teaching</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Teach</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go back: {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide corrections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show {corrections}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> · kept aside to measure on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete the correction of {when}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete correction</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete this correction?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Let {title} wear what it wore before?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing of your corrections is lost; you can teach it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cannot be used: {faults}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It was trained with another wording of its task; teaching it anew will help.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No corrections yet: edit what it writes, and keep that.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{have} so far; about {missing} more, and it can learn from them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{new} to learn from.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It has learned from your {corrections}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{unfit} of an earlier form of this task: left out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A teaching was cut short and goes on where it stood.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} has learned, and wears it from now on. {like}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} stays as it was. {why}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>like your corrections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Journal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everything Homebody did for you, and every byte that left this computer. It holds what happened, never the text of your messages.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing yet. What Homebody does for you is listed here, with Undo.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{bytes_out} bytes sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Desktop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lock</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What Homebody writes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A larger model elsewhere</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Learning from you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lock by itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Offer it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address (URL)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Learn from corrections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Base model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hub</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Context</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key-value cache</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Map the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Release after</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory limit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter sends</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close to tray</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Global hotkey</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> minutes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> MB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Each change takes effect at once and is kept on this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kept in this computer&apos;s keyring, never in a file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What opens the store: a passphrase of yours, or the key in this computer&apos;s keyring.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size} MB, needs {ram} GB, {licence}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key of the endpoint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>API key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key is in the keyring.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key was forgotten.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add source</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Index now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Homebody reads these folders, files and accounts, and follows their changes. It never writes to them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title}: folder…  ({what})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title}: file…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{skipped} skipped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not there now; what is known of it is kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>read {last_indexed}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Indexing {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove {title} {path}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Password…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another password for {path}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove source</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget this source and everything indexed from it?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path}
The files themselves stay as they are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>looking for changes, {done}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> · {left_s} left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{done} of {total}{left}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No sources yet. Add a folder or an account, or let Homebody look for what is on this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Commands</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What would you like to do?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find a command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Passphrase in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New passphrase</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Once more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use the keyring instead</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The store opens with the new passphrase from now on. Your recovery code stays as it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another passphrase</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A passphrase instead of the keyring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type the new passphrase.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in this computer&apos;s keyring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>under the new passphrase</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key is kept {where}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Proofread</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shorter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Friendlier</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More formal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Homebody summary</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Summary</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The selected text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is selected. Select text in any program, then press the key again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Do</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Summarize</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rewrite</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Do…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>of {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the selection …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It ended early.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text of the item</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open original</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Source</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draft a reply…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Untitled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send (Enter)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop (Esc)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Homebody quick prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask, or say what to do</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter asks · Tab does it: a note, an event, a draft, a reminder · Esc closes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your conversations will appear here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New conversation (Ctrl+N)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search conversations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing found.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Title of the conversation:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete conversation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete “{text}”?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The conversation is removed from this computer. Your data stays.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try all again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Skipped ({files})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>and {more} more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try {name} again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starting …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Indexing progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{items} indexed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing indexed yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Locked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ready · {held}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{text} indexing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> · may ask {cloud} after you confirm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> by prompt only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On this computer{model}{alone}{away}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No adapter fits this model for {prompt_only}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for mains power</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Learning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measuring how it is now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measuring what it learned</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{stage}: {done} of {total}{left}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open Homebody</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quick prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Summarize selection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause indexing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Homebody stays in the tray</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit it from the tray&apos;s menu.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resume indexing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Homebody
{sentence}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Homebody is locked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Passphrase or recovery code</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Passphrase, or recovery code</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your store is encrypted. Enter your passphrase to open it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unlock with the key in this computer&apos;s keyring, or enter your recovery code.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{day} {month} {year}</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%Ln item(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln passage(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln correction(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln selected word(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Send</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Do it: a note, an event, a draft, a reminder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Earlier questions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop, close the preview, go back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to the question box</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask a question</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hats: what they are, and teach them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Theme: light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Theme: dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Theme: as the system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lock Homebody</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About, and where my data is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kept to learn from.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Summarize the selection, anywhere</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draft a reply</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What should the reply say?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Homebody is still writing. Esc stops it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sent; waiting for the answer …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No answer came back.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>below</name>
    <message>
        <source>what was sent cannot be taken back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ask the provider to delete it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>asking elsewhere is switched off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>switch the cloud on in the settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing is fetched here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>homebody models get</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>only notes of the notes folder can be added to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>name one of them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>that note lies outside the notes folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>name another</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no such note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>check the name, or make a new note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the note is too large to add to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>make a new note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the note is not UTF-8 text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a name or address has characters a mail cannot carry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file is not the one that was fetched</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>remove it by hand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a thousand files have this name already</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>tidy up that folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file is no longer there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing is left to undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file was changed since</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>edit or delete it yourself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the folder to write to is missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>choose another folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>what undoing needs is missing from the journal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>undo it by hand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no such action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>one of {v1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this is not what was approved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ask for it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the arguments are not in their final form</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} cannot be done like this: {faults}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>say it in other words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}: the arguments are not plain JSON</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>which model?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no such setting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>install Homebody again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>that is no address of an account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>as in {example}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>without https everything could be read on the way</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>use https:// (http:// only to this computer)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>whose calendar is it?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>give the user&apos;s name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>internal error: {__name__}: {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>please report this</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>out of memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>close other programs and try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the disk is full</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>free some space and try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the disk is read-only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>choose a writable folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no such file or folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>check the path</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>that is a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>name a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is a file in its place</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>name a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>permission denied</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>check who may read it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>try again, or choose another place</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>that is no address of a service</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>write https://host/path</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>these arguments are not plain JSON</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no such folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>make it, or choose another place</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the model&apos;s chat format is not one we know: it has the control tokens of none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>choose an instruction-tuned model of one of these families</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a prompt starts with a line [system] or [user]</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a prompt ends with the user&apos;s turn</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the prompt&apos;s fields are {v1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a role is system, user or assistant</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light or dark, or as the desktop says.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text size in percent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Closing the window keeps Homebody in the tray.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter sends and Shift+Enter makes a line; off: the other way round.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Summarizes the selected text in any program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Locks Homebody after so many minutes in which you ask nothing; 0 never does.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New and changed files wait until you resume reading them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On battery changes are read slowly, not at all, or as on mains power.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your name, as it stands under your mails.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your mail address, for drafts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder that new events are written to as .ics files; empty: inside the data folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder that mail drafts are written to as .eml files; empty: inside the data folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder that new notes are written to as Markdown; empty: inside the data folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Offer to ask a larger model elsewhere; each request is shown and confirmed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address of an OpenAI-compatible endpoint, ending in /v1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the model at that endpoint.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Port of the local endpoint that `homebody serve` opens; 0 takes a free one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep what you correct in drafts, summaries and proposals, encrypted, to learn from it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The base model: a key of the catalog, or the path of a GGUF file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What runs the language model: llama.cpp anywhere, or MLX; auto takes MLX on Apple silicon.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many tokens the model reads at once, as far as it was made for; more take more memory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the model keeps of what it read: exact, or in half or a quarter of the memory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave the model in its file&apos;s pages: it may then exceed the memory it is given, only slower.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models leave the memory after so many minutes without use; 0 keeps them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory all models together may use, in MB; 0 takes half of this machine&apos;s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The hub that models are fetched from, each only after you confirm it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>one of: {v1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key} is true or false</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key} is one of {v2}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key} is a number from {low} to {high}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key} is a whole path</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>begin it with / or ~/</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>correct the files of its folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no such task</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>homebody tasks list shows those there are</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a JSON schema is an object</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a weights file lies outside its task</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the server knows nothing of calendars</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>check the address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no calendar at this address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the connection is not safe: nothing was sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>check the address; do not send anything there otherwise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the endpoint sends us elsewhere, and we do not follow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>if you trust that address, write it into the settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the key has characters no key has</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>enter the key again in the settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the endpoint cannot be reached</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>check address and network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the endpoint stopped answering</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>try again later</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the endpoint broke off its reply</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the connection broke</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the reply is longer than {size} bytes and was cut off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ask something smaller, or another endpoint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the reply was not complete after {total} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the reply is not that of a chat endpoint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>check the address; it usually ends in /v1/chat/completions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the endpoint gave up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>try later</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the server sends us from place to place</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the server has a fault of its own ({status})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the server broke off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>that is no token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>enter it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no password for this account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the server sends us elsewhere, and we do not follow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>if you trust that address, add it instead</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the server&apos;s certificate cannot be trusted: nothing was sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>check the server&apos;s name; do not give the password there otherwise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the server answers what we do not understand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the server does not take this {what}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>enter the {what} again; some providers want one made for programs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the event was changed elsewhere meanwhile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>look at it there, then try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the server cannot be reached</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>check the name and the network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the server does not answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the server sends more than a calendar holds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the server does not come to an end</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the port cannot be used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>choose another with --port</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file that came is not the one that was asked for: its checksum differs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing of it was kept; try again later</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the hub sends us from place to place</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the hub sends us elsewhere, and we do not follow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>get the file by hand if you trust that place</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the hub does not give the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>try again: it goes on from there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the hub has another file now than the one that was checked for the catalog</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>get it by hand if you want it all the same</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nobody vouches for this file: the catalog has no checksum, and the hub declares none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>get it by hand if you trust it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the hub has a file of another size than the one that was checked for the catalog</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the disk has no room for this file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the connection is not safe: nothing was fetched</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the hub cannot be reached</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>check the network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the hub compresses a file that it should not</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the hub gives this file only to those with an account there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>get it by hand, then give its path to `homebody models use`</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the hub has no such file any more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>choose another</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>more came than the file is long</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this file is being fetched already</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no such folder at the account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no network, or no server of that name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the server offers no encryption: nothing was sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>try without STARTTLS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the server cannot check passwords just now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing was deleted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>type: {DELETE}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>what should be done?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>for example &quot;dentist on Tuesday at 9&quot;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model gave no usable plan; please say it in other words.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That does not ask for an event, a mail, a note or a reminder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>that cannot be edited</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>say it anew</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>what is the question?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>for example &quot;when is my flight?&quot;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the training ended without finishing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>start it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there are no examples in it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a line is no example</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings, cloud.enabled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no endpoint is set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>set cloud.url and cloud.model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was found that could be sent along with this question.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>that cannot be undone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>see the journal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is nothing to undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>is it a reply or a new mail?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>name the mail it answers, or whom it goes to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a reply keeps the subject of its mail</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>leave the subject out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>what should the mail say?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>for example &quot;yes, Thursday works&quot;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>that is a {kind}, not a mail</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>give a mail&apos;s uri</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the mail does not say whom to reply to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>choose another mail</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the language model ended without finishing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no measure for this task</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>choose another task</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>another adapter is being made or measured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>wait for it, or cancel it first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is such a folder already</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>choose another name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the catalog or the hub&apos;s address has changed since you said yes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the folder is not there now; what is known is kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no such item</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>search shows the uri of each item</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing is read from there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>see `homebody sources list`</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the reader gave up: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the task runs by its prompt alone: there is no adapter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The window&apos;s language, from its next start on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>put its folder back as installed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>that is the base in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>homebody tasks train {task} trains on it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no such kind of source: {kind}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>that is Homebody&apos;s own data folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>indexing is running already</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>wait for it to finish</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the passphrase is wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>give the one in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this model is part of Homebody</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it cannot be removed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this model is in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>homebody models use {DEFAULT}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is nothing of this model here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>homebody models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a key of `homebody models`</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the catalog has no such model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} is here already: homebody models use {key}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} is here already, and looks at pictures when they are indexed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Homebody is locked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>homebody unlock</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>homebody key code</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>plug the disk in, or remove it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no mail address is known for {shown}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>write the address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{shown} can be {v2}{more}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>write the address of the one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the server shows nothing at all just now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the courier ended before it had finished</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the account could not be read: {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no such style: {style}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no text to rewrite</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>give a file or a selection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no such source</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pages that could not be read: {v1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its text could not be read: {message}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no such task: {task}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ask | summarize | reply | note | event | act | a style</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>select some, or write it into the box</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>what should be done with it?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>for example &quot;make it friendlier&quot;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>what should the reply say?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>for example &quot;when does it begin?&quot;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No day or time is said in these words.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no such address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>/v1/models or /v1/chat/completions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>n other than 1 and tools are not supported here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>messages are system, user or assistant, with text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>only text can be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the door did not open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no such model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there are no messages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the request cannot be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>only a hat has fields</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When should it be? Please say a day or a time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whom to? No mail address is known for {who}; please write the address.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When should I remind you? Please say a day or a time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no text to summarize</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>give a file, a selection or an item&apos;s uri</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a correction that it was learning from was deleted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>teach it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>that is no picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>choose a photo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no display to show a window on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>start it in a desktop session, or use the command line: homebody ask QUESTION</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a system library for windows is missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>run packaging/system-packages.sh, or install the package that holds it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>set model.backend to {LLAMACPP} or {AUTO}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the model is not here yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>homebody models get {key}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file holds no base model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>choose the model itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this is no language model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the catalog cannot be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the model file cannot be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the model&apos;s package is not installed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the embedding model is not installed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the embedder&apos;s derived model is damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the embedder&apos;s derived model cannot be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the embedder&apos;s derived model differs from its original</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the embedder&apos;s derived model does not load</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the picture model cannot be loaded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>remove it and get it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the model file cannot be used: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>get the file again, or choose another</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no memory left for {name} while others are at work</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>try again when they are done, or raise model.memory_mb</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} needs more memory than all models together may use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>set model.memory_mb to {v1} or more, or choose a smaller one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the {name} process did not start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the temperature is from 0 to 2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there are at most {MOST_STOPS} stop marks of 1 to {LONGEST_STOP} characters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a conversation ends with a message to answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no text to read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the number of tokens is too small</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the prompt does not fit the model&apos;s context</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MLX does not run {architecture} models here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>set model.backend to llamacpp</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MLX does not scale positions by {scaling} here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the model has parts that MLX does not run here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mlx-lm is not installed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the model file lacks a value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the model cannot be loaded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the model file lacks a part</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a part of the model file cannot be used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the picture cannot be read: {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the image cannot be read: {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the page cannot be read: {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the model could not be converted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the answer could not be completed to valid JSON</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the adapter computes values that are not finite</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>do not wear it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the text could not be tokenised</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the model does not fit in memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the model could not go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the prompt&apos;s state could not be saved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a saved prompt state could not be restored</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the adapter cannot be loaded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the adapter could not be switched</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the grammar of schema.json is not usable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>schema.json is not a JSON schema we can use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>another evaluation is running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no such specialist</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no model for pictures is here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>put its folder back as it was installed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a blend names each adapter once, and is worn</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the task has no adapter to blend</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>train it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>put the task&apos;s folder back as it was installed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unlock it, or set HOMEBODY_PASSPHRASE</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Homebody has just been locked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>indexing is running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pause it, or wait for it to finish</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>that is no whole backup</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>take another one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is such a file already</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is a store already</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>give another folder with --data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>take another backup</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a newer Homebody wrote this backup</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>install that version</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there are {passages} passages already</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>give another folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no such conversation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it may have been deleted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the source was removed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>add it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the store&apos;s key must be 32 bytes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the store cannot be written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>check the folder&apos;s permissions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the store is busy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>try again in a moment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the disk could not be read or written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>check the disk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SQLite {sqlite_version} can damage the store</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>update the package sqlcipher3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this SQLite cannot encrypt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reinstall the package sqlcipher3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the store was written by a newer Homebody</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>install that version again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SQLite does not accept {name}={wanted}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the store is closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unlock it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>run `homebody index`</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>compare it with the snapshots</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>delete {aside} when you need the space</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>run `homebody index` to read your sources again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>that cannot be forgotten</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>that is not a mail address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>give it as name@example.org, or @example.org for all of them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>that pattern covers everything</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>such as *.log or drafts/old</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>that is not excluded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>homebody forget --list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>what was forgotten is still in the log of the store</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>close what reads it, and run `homebody doctor`</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no such adapter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is nothing to learn from that</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>change the text first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>that text is too long to learn from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no such correction</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>homebody teach TASK --list shows those there are</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>that adapter was refused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>train another</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is nothing to go back from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the task wears what it came with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it may have been removed; search again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no such journal entry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>see `homebody journal`</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no usable keyring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the keyring is locked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unlock it, or {_REMEDY}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the keyring did not keep the secret</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Homebody is already running on this data folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>use that one, or quit it first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it may have been removed meanwhile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>homebody restore FILE, from a backup</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no {kind} is read from there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{kind} is read from there already</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing to do</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the folder above it includes this one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{kind} is read from a folder inside this one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>remove that first: homebody sources remove {kind} {path}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this account is read already</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>to change what is read: homebody sources remove {kind} {path}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a new key needs room for a copy of the store</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>free some space</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the copy under the new key is not sound</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no such proposal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this was not approved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>read the proposal and approve it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this approval was used already</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ask for the action again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this approval has expired</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>read the proposal and approve it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the recovery code is wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>try again, or use the recovery code</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this store&apos;s key is in the keyring: open it without a passphrase</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a passphrase needs at least {_MIN_PASSPHRASE} characters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>take a few words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unlock it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no store yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>create one first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the key found is not this store&apos;s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>use the recovery code, or put back key.json from the snapshots folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the key is not this store&apos;s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unlock it anew</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the keyring does not hold this store&apos;s key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>give the recovery code as passphrase</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the store&apos;s key file is damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the store needs its passphrase</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>type it, or set HOMEBODY_PASSPHRASE</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the store&apos;s key file is missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the key file was written by a newer Homebody</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>as many vectors as passages are needed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the adapter is too large to be kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>train it with a smaller rank, or for fewer of the base&apos;s matrices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>adapters cannot be trained or checked on this base</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>choose a base of the Llama, Qwen 3 or Gemma 3 family</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the key for checkpoints has the wrong length</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>train it for this base from its recipe: homebody tasks port</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the base cannot be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the examples are all variants of one: none can be held out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>give examples of two kinds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>that is a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>name a new folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the folder is not empty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>name a new one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>two adapters of different shapes have nothing between them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>one of the two LoRA matrices is missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the adapter holds something that is no LoRA matrix</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the adapter&apos;s configuration is damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the adapter&apos;s file is damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is not enough memory to train or check adapters on this base</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>close other programs, or choose a smaller base</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the adapter&apos;s {what} cannot be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>export the adapter again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>export plain LoRA</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the folder holds no PEFT adapter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>choose one that does</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the folder holds no adapter weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the task has no training examples</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>add train.jsonl</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the task has too few training examples</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the base has no such matrices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the adapter would be too large</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>choose a smaller rank or fewer targets in the recipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the adapter to start from has another rank or other targets, or is of another base</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>start afresh, or give the recipe the rank and targets of that adapter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the adapter does not mean the same to llama.cpp as to PEFT</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>please report this, with the name of the base</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PEFT does not find its way into the base</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this desktop lets no program take a hotkey by itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>bind a key to the command “{COMMAND}” in the desktop&apos;s keyboard settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>that is no hotkey</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>use a key with Ctrl, Alt or Super, such as Ctrl+Alt+S</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no X11 here for a global hotkey</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this keyboard has no such key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>choose another hotkey</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the global hotkey needs a system library</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>install libxcb-keysyms1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>another program has this hotkey already</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the hotkey was refused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>choose another one in Settings, Desktop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the socket for a second start cannot be made</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>check that the folder is yours and writable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>another Homebody is using this data folder and does not answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>close it, or wait until it has started</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this process may not serve that</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it serves {only}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Homebody is running but does not answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>close it, or wait a moment and try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>restart Homebody</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file is not there any more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>index again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{command} is missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>install xdg-utils, or open the file yourself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the request is too large</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>send less at once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} stopped before it had finished</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>needs more memory than a reader may use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no network filter for this processor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the kernel refused the network filter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Homebody does not run without it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the request is malformed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the answer is too large</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ask for less</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it cannot be shown: {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the {name} process stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>too large for a calendar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a deleted note{shown}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a note{shown} that is locked with a password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a note{shown} whose text is not on this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no notes in this database of Apple Notes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a note{shown}: {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not a note: {suffix} files are not read as notes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>an empty note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not a database of Apple Notes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no notes in this Evernote export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a note that is not read: {_TRAP}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a part of this note is damaged; what is attached is not read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>attachment “{v1}”: its data is damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>only the first {_MAX_NOTES} notes were read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{shown}”: {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the part “{name}”: {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a backup of {v1} MB is too large</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a damaged note of Google Keep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this file could not be read: {v1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not a file but a device, pipe or socket</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file&apos;s name is not valid UTF-8; rename it to have it read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this folder could not be read: {v1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>attachment “{v1}” is not in this export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>attachment “{v1}” is larger than {v3} MB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not a Joplin export: not a tar archive, or a damaged one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no notes in this Joplin export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a damaged note: Joplin&apos;s lines at its end are missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a note that Joplin has encrypted; export it as JEX</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a note in Joplin&apos;s bin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>attachment “{v1}” could not be read: {v3}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a damaged note: its end is missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a note that is too long</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a note of {size} MB is too long</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>attachment “{shown}” of “{v3}”: {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{title}” is not a text: it holds binary data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{title}”: an empty page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{title}”: {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>an encrypted note; choose “Decrypted” when you export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a note in Standard Notes&apos; bin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a note of the kind “{kind}”, which is not text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a damaged note: it has no id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not a backup of Standard Notes, or a damaged one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a part of this backup is damaged and was left out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no notes in this backup of Standard Notes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no page was visited or bookmarked here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>browser history: {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>bookmarks: {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not a calendar: its name does not end in .ics</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>an empty file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no events in this calendar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not a contact: its name does not end in .vcf, .ldif or .csv</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not read as contacts: {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>what programs fetched or built is not read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not a document: the sign that one is open in Office</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not a document: {named} not read as documents</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no export of Apple Health here (export.zip, or export.xml in it)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a health export without any measurements</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this health export could not be read: {told}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>an empty message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a message without any headers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a mail of {size} MB: only its headers were read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>attachment “{v1}”: {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no messages in it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a part of this export could not be read: {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this export could not be read: {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this export is damaged, or of a version that is not known here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not a note: {v1} not read as notes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a text of {v1} MB is too long for a note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not a text: it holds binary data though it is named {suffix}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the same note as in {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this picture could not be read: {told}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this picture needs more memory than it may take</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Act</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turns a request into one action with the person&apos;s own words as its arguments.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answers a question from one passage, or says that it does not.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draft</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writes a reply or a new mail from a few words, and its subject line.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rewrite</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Says the same in another way: corrected, shorter, friendlier or more formal.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Summarize</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Says in two to four sentences what a text says.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
