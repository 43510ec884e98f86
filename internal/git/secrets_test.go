package git

import (
	"slices"
	"testing"
)

func TestATokenIsASecretWhereverItStands(t *testing.T) {
	for what, c := range map[string]struct {
		spec Spec
		want []string
	}{
		"a password":                    {Spec{URL: "https://me:pw%2Fx@host/a"}, []string{"pw/x"}},
		"a user alone":                  {Spec{URL: "https://ghp_token@host/a"}, []string{"ghp_token"}},
		"a user beside none":            {Spec{URL: "https://ghp_token:x-oauth-basic@host/a"}, []string{"ghp_token"}},
		"a user with an empty password": {Spec{URL: "http://ghp_token:@host/a"}, []string{"ghp_token"}},
		"a password beside a word":      {Spec{URL: "https://x-access-token:ghs_token@host/a"}, []string{"ghs_token"}},
		"beside the address":            {Spec{URL: "https://host/a", Username: "me", Password: "pw"}, []string{"pw"}},
		"a username alone":              {Spec{URL: "https://host/a", Username: "ghp_token"}, []string{"ghp_token"}},
		"a username beside none":        {Spec{URL: "https://host/a", Username: "ghp_token", Password: "x-oauth-basic"}, []string{"ghp_token"}},
		"half in the address":           {Spec{URL: "https://me@host/a", Password: "pw"}, []string{"me", "pw"}},
		"over another password":         {Spec{URL: "https://me:old@host/a", Password: "new"}, []string{"old", "new"}},
		"over a token":                  {Spec{URL: "https://ghp_token@host/a", Username: "me", Password: "pw"}, []string{"ghp_token", "pw"}},
		"none":                          {Spec{URL: "https://host/a"}, nil},
		"ssh":                           {Spec{URL: "ssh://deploy@host/a"}, nil},
		"ssh in short":                  {Spec{URL: "deploy@host:a"}, nil},
		"a folder":                      {Spec{URL: "/srv/a"}, nil},
	} {
		if got := c.spec.Secrets(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
}
