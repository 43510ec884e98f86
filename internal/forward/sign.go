package forward

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// secretPrefix marks a secret of the specification.
const secretPrefix = "whsec_"

// CheckSecret says what is wrong with the secret of a webhook, without repeating it. It is what the Standard Webhooks specification
// writes: "whsec_" and the base64 of 24 to 64 random bytes. Any other text would be ambiguous: libraries of receivers read one without the
// prefix as base64 where they can.
func CheckSecret(secret string) error {
	_, err := key(secret)
	return err
}

// key is the bytes that a secret stands for.
func key(secret string) ([]byte, error) {
	text, ok := strings.CutPrefix(secret, secretPrefix)
	if !ok {
		return nil, fmt.Errorf("it does not begin with %s", secretPrefix)
	}
	k, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("what follows %s is no base64", secretPrefix)
	}
	if len(k) < 24 || len(k) > 64 {
		return nil, fmt.Errorf("it holds %d bytes, 24 to 64 are allowed", len(k))
	}
	return k, nil
}

// sign sets the heads of the Standard Webhooks specification on one try. The time is that of the try, so that a receiver can refuse an
// old one, and the signature covers it.
func sign(head http.Header, key []byte, id string, at time.Time, body []byte) {
	seconds := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, key)
	for _, part := range [][]byte{[]byte(id), []byte("."), []byte(seconds), []byte("."), body} {
		mac.Write(part)
	}
	head.Set("webhook-id", id)
	head.Set("webhook-timestamp", seconds)
	head.Set("webhook-signature", "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}
