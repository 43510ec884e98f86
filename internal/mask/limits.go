package mask

import "fmt"

// Limits of the secrets that one request brings: of each byte, some 150 are held in spellings.
const (
	MostSecrets = 100
	LongestSize = 16 << 10 // bytes of one; room for any key or certificate
	MostBytes   = 64 << 10 // of all together
)

// Check says what is too much of a request's secrets, which are by name; it shows no value.
func Check(secrets map[string]string) error {
	if len(secrets) > MostSecrets {
		return fmt.Errorf("there are %d secrets: at most %d are taken", len(secrets), MostSecrets)
	}
	all := 0
	for name, value := range secrets {
		if all += len(value); all > MostBytes {
			return fmt.Errorf("the secrets are too long: together they have at most %d bytes", MostBytes)
		}
		if len(value) > LongestSize {
			return fmt.Errorf("%.64q is too long for a secret: it has %d bytes, at most %d are taken", name, len(value), LongestSize)
		}
	}
	return nil
}
