package docker

import (
	"cmp"
	"os"
	"path"
	"strings"
	"unicode"

	"github.com/distribution/reference"
)

// BuildSpec says what is built. Its context is Folder, or what GitURL has at Ref,
// or Context, or, where it has none of them, the Inline Dockerfile alone.
type BuildSpec struct {
	Folder string // of the host; relative to the hub's working directory
	GitURL string // http, https or ssh; may hold credentials
	Ref    string // of GitURL: a branch, a tag or a whole commit id; "" is its default branch

	// Context is a folder of the hub's own, which the roots do not bound. It stays
	// open: who opened it closes it, after the build.
	Context *os.Root
	// Login is for its registry, beside the credentials that are known and in this
	// build alone; nil is none.
	Login *Login

	Tag        string // such as "shop:1.2"; "" leaves the image without
	Dockerfile string // relative to the context; "" is Dockerfile
	Inline     string // the content of a Dockerfile to use in place of any file
	InlineName string // a plain file name for it; "" is Dockerfile
	KeepInline bool   // leave it in Folder, not in Context, as a file, unless one of that name is there

	Args     map[string]string
	Labels   map[string]string // of the image
	Target   string            // the last stage to build, by its name or number
	Platform string            // such as "linux/arm64"
	NoCache  bool
	Pull     bool // ask for newer base images also where the engine has them
}

// Check says what is wrong with the values themselves. Each error is an
// ErrInvalid of a field of the requests to build: tag, dockerfile,
// dockerfile_name, dockerfile_content, git_url, ref, target, platform, labels,
// build_args. [Engine.CheckBuild] looks at the folder too.
func (s BuildSpec) Check() error {
	for _, check := range []func() error{s.checkContext, s.checkNames, s.checkImage, s.checkMaps} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// CheckBuild says what can be said of a build before it runs: what Check says,
// and ErrBadInput for a folder or Dockerfile that does not exist, ErrForbidden
// for a folder outside the roots.
func (e *Engine) CheckBuild(s BuildSpec) error {
	if err := s.Check(); err != nil || s.Folder == "" && s.Context == nil {
		return err
	}
	if s.Context != nil {
		_, err := s.context(s.Context)
		return err
	}
	folder, err := e.o.Roots.Folder(s.Folder)
	if err != nil {
		return err
	}
	defer folder.Close()
	_, err = s.context(folder)
	return err
}

// context is what to send for a build in a folder, which is nil for none.
func (s BuildSpec) context(folder *os.Root) (c *buildContext, err error) {
	c = &buildContext{folder: folder}
	if s.Inline != "" {
		c.dockerfile, c.text, c.inline = cmp.Or(s.InlineName, defaultDockerfile), []byte(s.Inline), true
	} else if c.dockerfile, c.text, err = findDockerfile(folder, s.Dockerfile); err != nil {
		return nil, err
	}
	if folder != nil {
		c.ignore, err = readIgnore(folder, c.dockerfile)
	}
	return c, err
}

// Where names the context for people: the folder, or the repository's address
// without credentials. It is "" where the Dockerfile is all there is.
func (s BuildSpec) Where() string {
	if s.GitURL == "" {
		return s.Folder
	}
	return s.repository().Where()
}

func (s BuildSpec) checkContext() error {
	switch {
	case s.Context != nil && (s.Folder != "" || s.GitURL != "" || s.Ref != ""):
		return fail(ErrBadInput, "a build has one context: an open folder takes neither a path nor a repository beside it")
	case s.Context != nil:
		return nil
	case s.GitURL != "" && s.Folder != "":
		return invalid("git_url", "a build has one context: name a folder or a git_url")
	case s.GitURL != "":
		return fromGit(s.repository().Check())
	case s.Ref != "":
		return invalid("ref", "a ref needs the git_url that has it")
	case s.Folder == "" && s.Inline == "":
		return invalid("dockerfile_content", "there is nothing to build: name a folder or a git_url, or give a Dockerfile's content")
	}
	return nil
}

func (s BuildSpec) checkNames() error {
	if s.Dockerfile != "" && !localPath(s.Dockerfile) {
		return invalid("dockerfile", "cannot use %q as a Dockerfile: it must be a path within the build's context", s.Dockerfile)
	}
	name := cmp.Or(s.InlineName, defaultDockerfile)
	if !localPath(name) || name == "." || name == ignoreFile || strings.ContainsAny(name, `/\`) || len(name) > 255 {
		return invalid("dockerfile_name", "cannot use %q as the name of a Dockerfile: it must be a plain file name", s.InlineName)
	}
	return nil
}

// localPath reports whether a path stays in the folder where it begins.
func localPath(p string) bool {
	clean := path.Clean(p)
	return p != "" && !path.IsAbs(p) && clean != ".." && !strings.HasPrefix(clean, "../") && !strings.ContainsFunc(p, unicode.IsControl)
}

func (s BuildSpec) checkImage() error {
	if s.Tag != "" {
		named, err := reference.ParseNormalizedNamed(s.Tag)
		if err != nil {
			return invalid("tag", "cannot use %q as a tag: %s", s.Tag, err)
		}
		if _, digested := named.(reference.Digested); digested {
			return invalid("tag", "cannot use %q as a tag: a digest cannot be chosen", s.Tag)
		}
	}
	if s.Target != "" && !word(s.Target) {
		return invalid("target", "cannot use %q as a target: it must be the name or number of a stage", s.Target)
	}
	if parts := strings.Split(s.Platform, "/"); s.Platform != "" {
		for _, part := range parts {
			if !word(part) || len(parts) > 3 {
				return invalid("platform", "cannot use %q as a platform: it must be like linux/amd64 or linux/arm/v7", s.Platform)
			}
		}
	}
	return nil
}

// word reports whether s is of letters, digits and "_", "." or "-" within.
func word(s string) bool {
	for i, c := range s {
		alphanumeric := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		if !alphanumeric && (i == 0 || !strings.ContainsRune("_.-", c)) {
			return false
		}
	}
	return s != ""
}

func (s BuildSpec) checkMaps() error {
	for name := range s.Args {
		if name == "" || strings.ContainsAny(name, "=\x00") {
			return invalid("build_args", "cannot use %q as the name of a build argument", name)
		}
	}
	for name := range s.Labels {
		if name == "" || strings.ContainsRune(name, 0) {
			return invalid("labels", "cannot use %q as the name of a label", name)
		}
	}
	return nil
}

// MaskArgs are build arguments as they may be shown: a value whose name looks as
// if it were a secret is "***". It is never nil.
func MaskArgs(args map[string]string) map[string]string {
	shown := make(map[string]string, len(args))
	for name, value := range args {
		if secretName(name) {
			value = redacted
		}
		shown[name] = value
	}
	return shown
}
