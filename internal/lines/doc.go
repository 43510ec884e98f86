// Package lines turns a stream of bytes into the line events of the stream contract. Piped publishes, shell commands and container
// logs all write into a [Writer]; it hands each event, as one compact JSON object, to an [Emit] function:
//
//	w := lines.NewWriter(emit, lines.Options{Stream: "stdout", Quiet: 200 * time.Millisecond})
//	defer w.Close()
//	io.Copy(w, pipe)
//
// # Lines
//
// A line ends at "\n" or "\r\n", also when the two bytes come in different writes. An empty line is "". A last line without its
// newline goes out at [Writer.Flush] or [Writer.Close].
//
//	line      {"stream":"stdout","line":"Step 1/3 : FROM nginx:alpine"}
//
// # Redraws
//
// A lone "\r" redraws its line, as progress bars do. What stood there before it is a state of that line. States are progress events,
// at most one for each Options.Redraw; those between are conflated, and the latest goes out when the time has passed even if no more
// bytes come. What follows the last "\r" is a state too, once the stream pauses. When the line ends, its final text, the last state
// that was not empty, is an ordinary line:
//
//	progress  {"stream":"stdout","line":"42%","redraw":true}
//	line      {"stream":"stdout","line":"100%"}
//
// # Parts
//
// A line whose JSON would be over Options.MaxData goes out in parts as they fill, so that a line without end needs no memory. It is
// cut between runes, by encoded size. With Options.Quiet an unfinished line goes out as a part after that much silence, such as the
// question of a prompt. The last part says so, and may be empty; the parts' texts joined are the line:
//
//	line      {"stream":"stdout","line":"Continue? ","part":1}
//	line      {"stream":"stdout","line":"yes","part":2,"last":true}
//
// A state that has begun to go out in parts and is then redrawn ends as a line of its own: nothing that was sent is taken back.
//
// # Text
//
// Each byte that is not UTF-8 becomes U+FFFD, as in Go's own conversions; a rune split over two writes is whole. Strings are escaped
// as encoding/json does it without HTML escaping. [AppendString] and [AppendBytes] offer that encoder to whoever builds JSON by hand.
//
// The lines of a stream depend on its bytes alone, never on how they were cut into writes; only the states shown, and with Quiet the
// borders of parts, depend on time.
package lines
