package pipeline

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hub/internal/git/gittest"
	"hub/internal/mask"
	"hub/internal/task"
)

func TestSecretsAreInNothingThatIsTold(t *testing.T) {
	t.Parallel()
	const gitPassword, marked = "gate of the repository", "hunter2 & <friends>"
	w := newWorld(t, options{withRegistry: true, git: gittest.Options{User: "me", Password: gitPassword}})
	s := w.site()
	s.GitUsername, s.GitPassword = "me", gitPassword
	d := w.define(s, upToPull)
	d.Secrets = map[string]string{"MARKED": marked}
	d.Stages = append(d.Stages,
		sh("whole", `echo "it is $MARKED"; echo "$MARKED" >&2`),
		sh("encoded", `printf %s "$MARKED" | base64; printf %s "user:$MARKED" | base64`),
		sh("parts", `printf 'hun'; sleep 0.4; printf 'ter2 & <fri'; sleep 0.4; echo 'ends>'`),
		sh("others", "echo '"+gitPassword+"' '"+w.registry.Password+"'; exit 1"),
	)
	k := w.fails(d, "others", "the command exited with 1: echo '***' '***'")
	for _, stage := range []string{"whole", "encoded", "parts", "others"} {
		if said := w.events.lines(k.ID(), stage); !strings.Contains(said, "***") {
			t.Errorf("%s says %q", stage, said)
		}
	}
	again := w.retry(k.ID(), Retry{From: "whole"})
	w.failed(again, "others")

	wrong := s
	wrong.GitPassword = "guessed it all"
	refused := w.fails(w.define(wrong, upToPull), "clone")
	s.GitUsername, s.GitPassword, s.RepoURL = "", "", strings.Replace(s.RepoURL, "://", "://me:gate%20of%20the%20repository@", 1)
	inAddress := w.completes(w.define(s, upToBuild))

	for _, k := range []*task.Task{k, again, refused, inAddress} {
		snapshot, err := json.Marshal(k.Snapshot())
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{gitPassword, "gate%20of", marked, "hunter2", `hunter2 \u0026`, w.registry.Password, "guessed it all"} {
			whole := base64.StdEncoding.EncodeToString([]byte(secret))
			for _, spelling := range []string{secret, strings.TrimRight(whole, "=")} {
				if strings.Contains(w.events.text(k.ID()), spelling) || strings.Contains(string(snapshot), spelling) {
					t.Errorf("%s shows %q:\n%s\n%s", k.ID(), spelling, w.events.text(k.ID()), snapshot)
				}
			}
		}
	}
}

func TestNoCredentialIsInAWorkspaceOrAnImage(t *testing.T) {
	t.Parallel()
	const password = "gate-of-the-repository"
	w := newWorld(t, options{git: gittest.Options{User: "me", Password: password}, files: map[string]string{"Dockerfile": base + "COPY . /www\n"}})
	address := strings.Replace(w.repo.URL, "://", "://me:"+password+"@", 1)
	k := w.completes(w.own(Stage{Step: Clone{RepoURL: address}}, Stage{Step: Build{}}))
	files := 0
	for _, folder := range w.look().Workspaces {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			files++
			if text, err := os.ReadFile(path); err != nil || strings.Contains(string(text), password) {
				t.Errorf("%s: %q, %v", path, text, err)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	if files < 2 {
		t.Errorf("%d files were looked at", files)
	}
	image, err := w.api.ImageHistory(t.Context(), w.events.stage(k.ID(), "build", "completed")["image_id"].(string))
	if said := fmt.Sprint(image); err != nil || strings.Contains(said, password) {
		t.Errorf("%s, %v", said, err)
	}
}

func TestADefinitionsSecretsAreItsPasswordsAndWhatItMarks(t *testing.T) {
	t.Parallel()
	d := Definition{
		Secrets: map[string]string{"A": "value of a"},
		Stages: []Stage{
			{Step: Clone{RepoURL: "https://tokenoftheaddress@host/x", Password: "git's own"}}, {Step: Login{Username: "me", Password: "registry's own"}},
			{Step: Clone{RepoURL: "https://me:password%2Fof%20it@host/x"}}, {Step: Clone{RepoURL: "https://basictoken:x-oauth-basic@host/x"}},
			{Step: Clone{RepoURL: "https://host/x", Username: "userstoken"}}, {Step: Build{Args: map[string]string{"API_TOKEN": "argument's own", "COLOUR": "teal"}}},
		},
	}
	all := "," + strings.Join(d.secrets(), ",") + ","
	for _, secret := range []string{"value of a", "tokenoftheaddress", "git's own", "registry's own", "password/of it", "basictoken", "userstoken", "argument's own"} {
		if !strings.Contains(all, ","+secret+",") {
			t.Errorf("%q is not hidden: %s", secret, all)
		}
	}
	for _, word := range []string{"teal", "x-oauth-basic"} {
		if strings.Contains(all, ","+word+",") {
			t.Errorf("%q is hidden: %s", word, all)
		}
	}
}

// A command is told by its beginning, which ends within the secret.
func TestACommandIsMaskedBeforeItIsCut(t *testing.T) {
	t.Parallel()
	secrets := new(mask.Set)
	w := newWorld(t, options{Options: Options{Mask: secrets}, task: task.Options{Mask: secrets}})
	const key = "deploy-key-of-the-site"
	d := w.own(sh("one", ": "+strings.Repeat("x", 490)+key+"; exit 1"))
	d.Secrets = map[string]string{"KEY": key}
	k := w.fails(d, "one", "the command exited with 1")
	if text := w.events.text(k.ID()); strings.Contains(text, key[:4]) || strings.Count(text, "x***") < 3 {
		t.Error(text)
	}
}

func TestWhatABuildPrintsOfItsSecretArgumentsIsMasked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{files: map[string]string{"Dockerfile": base + "ARG API_TOKEN\nRUN echo it is $API_TOKEN\n"}})
	k := w.completes(w.own(Stage{Step: Clone{RepoURL: w.repo.URL}}, Stage{Step: Build{Args: map[string]string{"API_TOKEN": "opens-everything"}}}))
	if said := w.events.lines(k.ID(), "build"); !strings.Contains(said, "\nit is ***\n") || strings.Contains(w.events.text(k.ID()), "opens-everything") {
		t.Error(w.events.text(k.ID()))
	}
}
