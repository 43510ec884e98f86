package http

// operation is what the API's document says of a route beside its line in the
// table. It stands next to the route's handler, made of the types that this uses,
// with an example in them.
type operation struct {
	more  string // beside the table's words, in Markdown
	query []parameter
	needs []string // which of query must be there
	takes any      // the body, of the type that is decoded, nil for none
	sends []answer // bodies that are no JSON; their status is nothing
	gives any      // the answer, of the type that is encoded
	also  []answer // answers beside gives
	fails []int    // statuses of this route's own; those that any route of its kind may answer are added
	live  bool     // an explicit Accept of SSE, NDJSON or plain text gets the live stream instead
}

// parameter is one of a query, or of a path where the route names it.
type parameter struct {
	name    string
	example any // of its type: "", 0 or false
	about   string
}

// answer is one that a route gives beside the JSON of its usual one.
type answer struct {
	status  int
	kind    string // its media type; "" is JSON, or no body where there is no example
	about   string
	example any // text; with JSON a value of the type that is encoded
}
