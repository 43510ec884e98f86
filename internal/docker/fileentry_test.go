package docker

import (
	"archive/tar"
	"bytes"
	"io"
	"path"
	"strings"
	"testing"
)

// rewrite is what an engine would get of a tar.
func rewrite(in io.Reader) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for r := tar.NewReader(in); ; {
		head, err := r.Next()
		if err != nil {
			break
		}
		if head, err = rewritten(head); err != nil {
			break
		}
		if head == nil {
			continue
		}
		if w.WriteHeader(head) != nil {
			break
		}
		if _, err := io.Copy(w, r); err != nil {
			break
		}
	}
	w.Flush()
	return b.Bytes()
}

// Whatever a client sends, an engine gets a plain tar of files, folders and links
// with names that lead down.
func FuzzATarForAnEngineIsPlainAndLeadsDown(f *testing.F) {
	seed := func(entries ...tar.Header) {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		for _, h := range entries {
			if err := w.WriteHeader(&h); err != nil {
				f.Fatal(err)
			}
		}
		w.Flush()
		f.Add(b.Bytes())
	}
	seed(tar.Header{Name: "BZh", Typeflag: tar.TypeReg})
	seed(tar.Header{Name: "BZh/ünï", Typeflag: tar.TypeReg, Format: tar.FormatPAX}, tar.Header{Name: "../x", Typeflag: tar.TypeReg})
	seed(tar.Header{Name: strings.Repeat("BZh/", 60), Typeflag: tar.TypeDir}, tar.Header{Name: "a", Linkname: "../b", Typeflag: tar.TypeLink})
	seed(tar.Header{Name: "a", Linkname: ".", Typeflag: tar.TypeLink})
	seed(tar.Header{Name: "d", Typeflag: tar.TypeChar}, tar.Header{Name: "s", Linkname: strings.Repeat("/x", 100), Typeflag: tar.TypeSymlink})
	f.Fuzz(func(t *testing.T, in []byte) {
		out := rewrite(bytes.NewReader(in))
		if len(out) > 0 && out[0] != '.' {
			t.Fatalf("it begins with %q", out[:4])
		}
		for r := tar.NewReader(bytes.NewReader(out)); ; {
			head, err := r.Next()
			if err == io.EOF || err == io.ErrUnexpectedEOF {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			leads := []string{head.Name}
			switch head.Typeflag {
			case tar.TypeLink:
				leads = append(leads, head.Linkname)
			case tar.TypeReg, tar.TypeDir, tar.TypeSymlink:
			default:
				t.Fatalf("type %q", head.Typeflag)
			}
			for _, name := range leads {
				if path.IsAbs(name) || hasDotDot(name) || path.Clean(name) == "." || head.Mode&^0o7777 != 0 {
					t.Fatalf("%+v", head)
				}
			}
		}
	})
}
