package docker

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// Step is one instruction of a Dockerfile.
type Step struct {
	Line        int    `json:"line" description:"where it begins, from 1"`
	Op          string `json:"op" description:"its first word in upper case, such as RUN"`
	Instruction string `json:"instruction" description:"all of it, on one line"`
	Args        string `json:"args" description:"what stands behind its first word"`
}

const defaultDockerfile = "Dockerfile"

// findDockerfile is the name of the Dockerfile in a folder, with what it says. As
// for the docker command, one that is not named may be written in lower case.
func findDockerfile(folder *os.Root, asked string) (name string, text []byte, err error) {
	name = defaultDockerfile
	if asked != "" {
		name = path.Clean(asked)
	}
	text, err = readDockerfile(folder, name)
	if asked == "" && errors.Is(err, fs.ErrNotExist) {
		if lower, err := readDockerfile(folder, strings.ToLower(name)); err == nil {
			return strings.ToLower(name), lower, nil
		}
	}
	switch {
	case err == nil:
		return name, text, nil
	case errors.Is(err, fs.ErrNotExist):
		return "", nil, fail(ErrBadInput, "there is no %s in the build's context: name the one that is there in dockerfile, or give its text in dockerfile_content", name)
	case leadsOut(err):
		return "", nil, invalid("dockerfile", "cannot use %s: a link there leads out of the build's context", name)
	}
	return "", nil, pathError(name, err)
}

// maxDockerfile is how much of one is read for its steps; the engine reads it all.
const maxDockerfile = 1 << 20

func readDockerfile(folder *os.Root, name string) ([]byte, error) {
	f, _, err := openRegular(folder, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxDockerfile))
}

// steps are the instructions of a Dockerfile, none where it cannot be understood:
// what is wrong with it is for the engine to say.
func steps(dockerfile []byte) []Step {
	steps := []Step{}
	parsed, err := parser.Parse(bytes.NewReader(dockerfile))
	if err != nil {
		return steps
	}
	for _, node := range parsed.AST.Children {
		whole := strings.Join(strings.FieldsFunc(strings.TrimSpace(node.Original), isNewline), " ")
		_, args, _ := strings.Cut(strings.ReplaceAll(whole, "\t", " "), " ")
		steps = append(steps, Step{Line: node.StartLine, Op: strings.ToUpper(node.Value), Instruction: whole, Args: strings.TrimSpace(args)})
	}
	return steps
}

func isNewline(r rune) bool { return r == '\n' || r == '\r' }
