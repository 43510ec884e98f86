package git

import (
	"cmp"
	"context"
	"fmt"
	"time"
)

// Spec says what is cloned, and where to. The zero values of Limit and Time stand
// for the defaults.
type Spec struct {
	URL string // may hold a user and password
	Ref string // a branch, a tag or a whole commit id; "" is the default branch

	// Username and Password go over those in URL. Where there is a Password alone,
	// such as a token, the user is "git".
	Username, Password string

	Kept  string // folder for what git keeps; made where it does not exist, else empty
	Files string // folder for the commit's files; the same

	Local LocalRoots // folders of this host whose repositories may be cloned

	Limit int64         // bytes received, and bytes of files; 0 is 512 MiB
	Time  time.Duration // 0 is 10 minutes
}

const (
	defaultLimit = 512 << 20
	defaultTime  = 10 * time.Minute
)

// Check says what is wrong with URL and Ref: an ErrInvalid of the field "repo_url"
// or "ref", or ErrForbidden of a folder that Local does not allow. Nothing is
// connected to.
func (s Spec) Check() error {
	if _, err := s.parse(); err != nil {
		return err
	}
	return checkRef(s.Ref)
}

// Where is the address without credentials, and "" where URL is no address.
func (s Spec) Where() string {
	a, err := s.parse()
	if err != nil {
		return ""
	}
	return a.text
}

func (s Spec) limit() int64 { return cmp.Or(s.Limit, defaultLimit) }

// within is ctx with the time that a clone may take.
func (s Spec) within(ctx context.Context, from address) (context.Context, context.CancelFunc) {
	time := cmp.Or(s.Time, defaultTime)
	return context.WithTimeoutCause(ctx, time, fail(ErrRemote, "cannot clone %s: it took longer than %s", from, readable(time)))
}

// readable is "10m" where a Duration is "10m0s".
func readable(d time.Duration) string {
	if d >= time.Minute && d%time.Minute == 0 {
		return fmt.Sprintf("%dm", d/time.Minute)
	}
	return d.String()
}
