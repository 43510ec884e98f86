package main

import "hub/internal/forward"

// checkWebhooks checks the URLs and the secret, which none of them goes without: a webhook that nobody can tell from a forged one is
// worth nothing.
func (s *Settings) checkWebhooks() (faults []error) {
	for i, u := range s.WebhookUrls {
		if !isHTTP(u.Reveal()) {
			faults = append(faults, s.fault("webhook_urls", "its URL number %d is not an http or https URL; a comma inside one is written %%2C", i+1))
		}
	}
	const makeOne = `make one with: echo "whsec_$(openssl rand -base64 32)"`
	if s.WebhookSecret == "" && len(s.WebhookUrls) > 0 {
		return append(faults, s.fault("webhook_secret", "webhook_urls need it, so that who gets a webhook can verify it; %s", makeOne))
	}
	if err := forward.CheckSecret(s.WebhookSecret.Reveal()); s.WebhookSecret != "" && err != nil {
		faults = append(faults, s.fault("webhook_secret", "%v; %s", err, makeOne))
	}
	return faults
}
