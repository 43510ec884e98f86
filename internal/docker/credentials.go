package docker

// credentials are what logins said, by registry.
type credentials struct{}
