// Package gittest gives tests a real git server: git's own http-backend behind
// HTTP on 127.0.0.1, with a password where one is asked for.
//
//	s := gittest.StartServer(t, gittest.Options{})
//	site := s.Repo("team/site", map[string]string{"index.html": "hello"})
//	site.URL                                               // http://127.0.0.1:…/team/site.git
//	sha := site.Commit(map[string]string{"index.html": "hello again"})
//	release := s.Hold()                                    // answers stop in the middle …
//	release()                                              // … and go on
//
// Repositories are made by the git command, without the settings of whoever runs
// the tests. It is Debian's package git; tests fail where it is missing, they never
// skip. Servers and repositories are gone when the test ends.
package gittest
