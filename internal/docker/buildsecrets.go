package docker

import "net/url"

// Secrets are the values in the spec that nobody is to see: what opens GitURL, and
// the password of Login. A user's name counts as one where it is a token, which
// is where no password, or the word that stands for none, is beside it.
func (s BuildSpec) Secrets() []string {
	var all []string
	if s.Login != nil {
		all = append(all, s.Login.Password)
	}
	u, err := url.Parse(s.GitURL)
	if err != nil || u.User == nil {
		return all
	}
	const none = "x-oauth-basic"
	switch password, _ := u.User.Password(); password {
	case "", none:
		return append(all, u.User.Username())
	default:
		return append(all, password)
	}
}
