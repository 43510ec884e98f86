package http

// operation is what the API's document says of a route beside its line in the
// table. It stands next to the route's handler, made of the types that this uses,
// with an example in them.
type operation struct {
	query []parameter
	takes any   // the body, of the type that is decoded, nil for none
	gives any   // the answer, of the type that is encoded
	fails []int // statuses of this route's own; those that any route of its kind may answer are added
	live  bool  // an explicit Accept of SSE, NDJSON or plain text gets the live stream instead
}

// parameter is one of a query, or of a path where the route names it.
type parameter struct {
	name    string
	example any // of its type: "", 0 or false
	about   string
}
