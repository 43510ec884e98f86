package pipeline

// Where is the repository's address without credentials, by which a site is known; "" where RepoURL is no address.
func (s Clone) Where() string { return s.spec(everywhere).Where() }
