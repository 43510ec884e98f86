package forward

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"
)

// The signature was made by openssl, with the commands of docs/routes.md.
func TestTheSignatureIsWhatOpensslSays(t *testing.T) {
	k, err := key(secret)
	if err != nil {
		t.Fatal(err)
	}
	head := http.Header{}
	sign(head, k, "msg_k7x2m-1042", time.Unix(1_795_000_307, 0), []byte(`{"type":"task.completed"}`))
	if got := head.Get("webhook-signature"); got != "v1,siKcn8uPFAP9R71D9+xr+Rr6wF1KE5YhhwAa/YksG/0=" {
		t.Error(got)
	}
}

// One form of secret is taken: what a receiver's library could read as another key is refused, without being repeated.
func TestASecretHasOneForm(t *testing.T) {
	for secret, good := range map[string]bool{
		secret: true,
		"whsec_" + strings.Repeat("YWJj", 21) + "YQ==": true, // 64 bytes
		"whsec_" + strings.Repeat("YWJj", 22):          false,
		"":                                             false,
		"whsec_":                                       false,
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS":        false,
		"whsec_YWJj":                                   false,
		"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw":             false,
		"whsec_ not base64, but long enough for a key": false,
		"a sentence that is long enough for a key":     false,
	} {
		err := CheckSecret(secret)
		if (err == nil) != good {
			t.Errorf("%q: %v", secret, err)
		}
		if rest := strings.TrimPrefix(secret, "whsec_"); err != nil && rest != "" && strings.Contains(err.Error(), rest) {
			t.Errorf("%v repeats the secret", err)
		}
	}
	_, err := New(Options{Broker: newBroker(), Endpoint: "http://host", Webhook: &Webhook{Secret: "YWJj"}})
	if err == nil || !strings.Contains(err.Error(), "webhook_secret") {
		t.Error(err)
	}
	_, err = New(Options{Broker: newBroker(), Endpoint: "http://169.254.169.254/canary", Webhook: &Webhook{Secret: secret}})
	if err == nil || !strings.Contains(err.Error(), "webhook_urls") || strings.Contains(err.Error(), "canary") {
		t.Error(err)
	}
}

// Neither the secret nor what a URL holds beside its host is in the log or in Stats, also where the answer repeats a part of it.
func TestAWebhooksSecretsAreNotTold(t *testing.T) {
	p := &publisher{TB: t, Broker: newBroker()}
	h := newHooks(t, nil)
	h.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, "no hook canarycanary1 of ", r.URL)
	})
	var text bytes.Buffer
	f, stop := run(t, p.Broker, h.URL+"/T01/canarycanary1?token=canary2", func(o *Options) {
		asWebhook(o)
		o.Log = slog.New(slog.NewTextHandler(&text, nil))
	})
	p.ends(1)
	stop()
	said := text.String() + f.Stats().LastError
	if !strings.Contains(said, "answered 404 Not Found: no hook ***") || strings.Contains(said, "canary") || strings.Contains(said, secret[6:]) {
		t.Error(said)
	}
}
