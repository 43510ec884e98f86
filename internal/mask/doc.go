// Package mask takes secret values out of what is told: of texts, of JSON, and of streams of events whose lines come in parts.
//
//	secrets := new(mask.Set)
//	release := secrets.Add(password, token)
//	defer release()
//	secrets.Text("cannot log in with hunter2") // "cannot log in with ***"
//
// # Values
//
// A value counts while somebody who added it has not released it. Values under four characters, and blank ones, are not masked:
// taken out of every word, they would be told by the gaps. A value that is an ordinary word is masked wherever that word stands.
//
// # Spellings
//
// A value is found as it is, and in each spelling that it is likely to have in an output:
//
//   - each of its lines that has four characters without the blanks around it, as a log shows it
//   - escaped as in JSON, with and without HTML escaping, and as in Go (\", \u003c, \x00)
//   - escaped as in a URL's query, path and user (%2F, %20 or +)
//   - in base64, both alphabets, alone or within something longer, as a password stands in "user:password"; of the characters around it
//     that also stand for its neighbours, one remains on each side
//   - in base64 that is broken into lines, as MIME has it at 76 characters and PEM at 64, or at any multiple of four: each piece of twelve
//     characters or more. Of a shorter one beside a break, at most eleven characters remain, eight bytes of the secret. Values over 16 KiB
//     are known in base64 of one line alone
//   - in hex, lower case and upper case
//
// Each byte that is not UTF-8 counts as U+FFFD, which is what JSON makes of it.
//
// # Replacement
//
// All that some spelling covers becomes "***", once for each stretch: secrets that overlap leave no rest of either. Masked JSON is JSON
// of the same shape. Only strings change, by the text that they stand for, however it is escaped: a number is not masked, and a key made
// of letters and underscores is a name, which readers go by, and stays.
//
// # Streams
//
// A [Stream] masks the events of one topic or one writer, among them the parts in which package lines sends a line that is long or
// unfinished. A part may end in the middle of a secret, so the longest end of it that may still become one is held back, and stands at
// the beginning of the next part. The texts of the parts, joined, are the line masked at once; their numbers stay dense, and their size
// within the limit. A redrawn state ("redraw":true) stands for itself and is not held: an end of four bytes or more that begins a secret
// becomes "***".
//
// # Logs
//
// [NewHandler] is a log's handler that masks messages and attributes.
//
// # Cost
//
// Without values nothing is looked at. With some, a text of 200 bytes takes a fraction of a microsecond, however many there are, and no
// allocation unless it holds one; spellings by the ten thousand, as a key file has, make it a few. JSON with a backslash in it some more, since it is read by what it stands for.
package mask
