package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
)

func TestNoWayOfPrintingShowsASecret(t *testing.T) {
	cfg := Default()
	cfg.AuthHeader = Headers{"Authorization": "Bearer s3cret"}
	cfg.LogStreamEndpoint = "https://user:s3cret@sink.example/in?token=s3cret"
	cfg.WebhookUrls = URLs{"https://chat.example/s3cret", "s3cret"}
	cfg.WebhookSecret = "s3cret"
	var b bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&b, verb+verb+verb+verb+verb+verb, cfg, cfg.WebhookUrls, cfg.WebhookUrls[0], cfg.AuthHeader, cfg.AuthHeader["Authorization"], cfg.LogStreamEndpoint)
	}
	for _, v := range []any{cfg, cfg.WebhookUrls, cfg.AuthHeader, cfg.AuthHeader["Authorization"], cfg.LogStreamEndpoint} {
		slog.New(slog.NewTextHandler(&b, nil)).Info("text", "v", v)
		slog.New(slog.NewJSONHandler(&b, nil)).Info("json", "v", v)
		if err := json.NewEncoder(&b).Encode(v); err != nil {
			t.Fatal(err)
		}
	}
	if err := printSettings(&b, Settings{Config: cfg}); err != nil {
		t.Fatal(err)
	}
	for _, v := range []slog.LogValuer{cfg.WebhookUrls, cfg.AuthHeader["Authorization"], cfg.LogStreamEndpoint} {
		// A handler of another author's may look at the value itself instead of printing it.
		if kind := slog.AnyValue(v).Resolve().Kind(); kind != slog.KindString {
			t.Errorf("a log handler gets a %s and not the redacted text", kind)
		}
	}
	for _, shape := range []string{"s3cret", fmt.Sprintf("%x", "s3cret"), fmt.Sprintf("%X", "s3cret")} {
		if strings.Contains(b.String(), shape) {
			t.Errorf("%q shows in\n%s", shape, b.String())
		}
	}
	if cfg.AuthHeader.Reveal()["Authorization"] != "Bearer s3cret" || !strings.Contains(cfg.LogStreamEndpoint.Reveal(), "user:s3cret@") {
		t.Error("Reveal does not give the true values")
	}
}

func TestValuesInWordsReadBackUnchanged(t *testing.T) {
	for _, size := range []Size{0, 1, 1023, 1 << 10, 1<<20 + 1, 1_000_001, 64 << 20, 3 << 29, 1 << 40} {
		var back Size
		if err := back.Set(size.String()); err != nil || back != size {
			t.Errorf("%d became %s, then %d (%v)", int64(size), size, int64(back), err)
		}
	}
	for words, want := range map[string]string{"24h": "24h", "90s": "1m30s", "10s": "10s", "60m": "1h", "100ms": "100ms", "0": "0s", "1h0m5s": "1h0m5s"} {
		var d Duration
		if err := d.Set(words); err != nil || d.String() != want {
			t.Errorf("%s became %s (%v)", words, d, err)
		}
	}
}

func TestNoSecretOfTheConfigurationIsForgotten(t *testing.T) {
	c := Config{
		DockerhubPassword: "hub-pass", WebhookSecret: "whsec_x", LogStreamEndpoint: "https://me:url-pass@logs.example/a-long-word-of-a-path?token=log%2Ftoken-is-long",
		WebhookUrls: URLs{"https://me:hook-pass@chat.example/services/T00000000/long-key%20of-chat?sig=hook-signature", "https://two.example/v1/another-long-key"},
		AuthHeader:  Headers{"Authorization": "Bearer tok-en", "X-Key": "plain", "Proxy-Authorization": "Basic bWU6YmFzaWMtcGFzcw=="},
	}
	got := secretsOf(c)
	for _, want := range []string{"hub-pass", "whsec_x", "url-pass", "log/token-is-long", "hook-pass", "hook-signature", "long-key of-chat", "another-long-key", "tok-en", "plain", "bWU6YmFzaWMtcGFzcw==", "basic-pass"} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is not among %q", want, got)
		}
	}
	for _, word := range []string{"services", "T00000000", "v1", "a-long-word-of-a-path", "me"} {
		if slices.Contains(got, word) {
			t.Errorf("the word %q is a secret", word)
		}
	}
}
