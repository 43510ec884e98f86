package docker

import (
	"strings"

	"github.com/distribution/reference"
)

// parseName takes a name of an image, such as "nginx", "nginx:alpine" or
// "registry.example:5000/site@sha256:…". The error names the request's field.
func parseName(field, given string) (reference.Named, error) {
	ref, err := reference.ParseNormalizedNamed(given)
	if err != nil {
		return nil, badName(field, given, err)
	}
	return ref, nil
}

// parseImage takes a name or an id, which is what the engine finds an image by.
func parseImage(field, given string) (string, error) {
	if _, err := reference.ParseAnyReference(given); err != nil {
		return "", badName(field, given, err)
	}
	return given, nil
}

// withTag is a name with a tag, which may be the digest of a manifest as well.
func withTag(ref reference.Named, field, tag string) (reference.Named, error) {
	if strings.Contains(tag, ":") {
		digested, err := reference.ParseNormalizedNamed(ref.Name() + "@" + tag)
		if err != nil {
			return nil, invalid(field, "cannot use %q as a tag or a digest", shorten(tag))
		}
		return digested, nil
	}
	tagged, err := reference.WithTag(reference.TrimNamed(ref), tag)
	if err != nil {
		return nil, badTag(field, tag)
	}
	return tagged, nil
}

func badTag(field, tag string) error {
	return invalid(field, `cannot use %q as a tag: it is up to 128 letters, digits, "_", "." and "-", and begins with none of the last two`, shorten(tag))
}

func badName(field, given string, err error) error {
	why := strings.TrimPrefix(err.Error(), reference.ErrReferenceInvalidFormat.Error())
	if why = strings.TrimPrefix(why, ": "); why == "" {
		why = "it is not of the form [registry/]name[:tag]"
	}
	return invalid(field, "cannot use %q as the name of an image: %s", shorten(given), shorten(why))
}
