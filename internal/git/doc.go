// Package git clones repositories: one commit, into a folder. It knows go-git, and
// nobody else in the hub does; the git command is never run.
//
//	s := git.Spec{URL: "https://host/site.git", Ref: "v1.2", Kept: kept, Files: files}
//	if err := s.Check(); err != nil { … }        // before anything runs
//	commit, err := git.Clone(ctx, s, progress)
//
// # What is cloned
//
// The commit that a branch, a tag or a whole commit id names, else the newest of
// the default branch, without the history before it. A server that hands out
// branches and tags only, and is asked for a commit that is neither's newest, is
// asked for all it has.
//
// Files holds the commit's files and nothing of git's. Links stay links, modes keep
// their x. A submodule is an empty folder; what git-lfs or filters would make of a
// file is not made. Kept holds what git keeps, and is nobody's business after the
// clone.
//
// # Where from
//
// http and https, with a user and password in the address or beside it; ssh, also
// as git@host:path, with the keys of the agent of the hub's user and the hosts of
// its known_hosts. A folder of this host, as /srv/site or file:///srv/site, is
// cloned where Spec.Local names a folder that it lies in: a bare repository or a
// working tree, whose commits are taken and whose changes are not. It is read in
// place and never written to.
//
// # Bounds
//
// A clone takes Spec.Time at most and Spec.Limit bytes, both of what the server
// sends and of files, no more than 200,000 files, and no file over 128 MiB. Names
// that lead out of Files or into a .git are refused before the first file is
// written. By http and https redirects are followed on the same server only, and
// addresses at which networks keep their secrets are not connected to (package
// outbound); behind a proxy of the environment that is the proxy's to refuse. By
// ssh nothing is asked that the hub's user could not ask.
//
// When ctx ends the clone ends within a second, with the cause of ctx's end. After
// [Clone] has returned nothing is written any more, into the folders or to
// progress. The folders are the caller's to remove.
//
// # Errors and secrets
//
// Every error but that of a context is an [*Error] of a kind, in one sentence that
// says what is wrong and what to do. Users and passwords are in none, nor in what
// goes to progress or in [Spec.Where], also where the server repeats them.
package git
