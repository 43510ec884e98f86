package mask_test

import (
	"fmt"
	"strings"
	"testing"

	"hub/internal/mask"
)

func TestARequestsSecretsAreBounded(t *testing.T) {
	all := map[string]string{}
	for i := range mask.MostSecrets {
		all[fmt.Sprint("S", i)] = strings.Repeat("x", mask.MostBytes/mask.MostSecrets)
	}
	if err := mask.Check(all); err != nil || mask.Check(nil) != nil {
		t.Error(err)
	}
	all["ONE"] = "more"
	if err := mask.Check(all); err == nil || err.Error() != "there are 101 secrets: at most 100 are taken" {
		t.Error(err)
	}
	err := mask.Check(map[string]string{"KEY": strings.Repeat("x", mask.LongestSize+1)})
	if err == nil || err.Error() != `"KEY" is too long for a secret: it has 16385 bytes, at most 16384 are taken` {
		t.Error(err)
	}
	all = map[string]string{}
	for i := range 5 {
		all[fmt.Sprint("S", i)] = strings.Repeat("x", mask.LongestSize)
	}
	if err := mask.Check(all); err == nil || err.Error() != "the secrets are too long: together they have at most 65536 bytes" {
		t.Error(err)
	}
}
