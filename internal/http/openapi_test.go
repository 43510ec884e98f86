package http

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"hub/internal/broker"
)

// document is that of the table, as text and read.
func document(t *testing.T) ([]byte, *openapi3.T) {
	t.Helper()
	made, err := makeDocument((&Server{}).table(), "1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(made.body)
	if err != nil {
		t.Fatal(err)
	}
	return made.body, doc
}

func TestTheDocumentIsOpenAPI31(t *testing.T) {
	_, doc := document(t)
	if err := doc.Validate(context.Background(), openapi3.EnableSchemaFormatValidation(), openapi3.EnableMultiError()); err != nil {
		t.Error(err)
	}
	if !doc.IsOpenAPI31OrLater() || doc.Info.Version != "1.2.3" {
		t.Errorf("it is of OpenAPI %s, and of hub %s", doc.OpenAPI, doc.Info.Version)
	}
}

func TestTheDocumentsBytesAreThoseOfItsGoldenFile(t *testing.T) {
	text, _ := document(t)
	if again, _ := document(t); !bytes.Equal(text, again) {
		t.Error("made again, the document has other bytes")
	}
	compare(t, "openapi.json", string(text)+"\n")
}

func TestEveryRouteIsInTheDocumentAndNothingElse(t *testing.T) {
	_, doc := document(t)
	var wanted, got []string
	for _, r := range (&Server{}).table() {
		wanted = append(wanted, r.method+" "+r.template())
	}
	ids := map[string]string{}
	for path, item := range doc.Paths.Map() {
		for method, o := range item.Operations() {
			name := method + " " + path
			got = append(got, name)
			if other := ids[o.OperationID]; o.OperationID == "" || other != "" {
				t.Errorf("%s and %s have the same id %q", name, other, o.OperationID)
			}
			ids[o.OperationID] = name
			if o.Summary == "" || len(o.Tags) != 1 || doc.Tags.Get(o.Tags[0]) == nil || o.Extensions["x-role"] == nil {
				t.Errorf("%s: summary %q, tags %v, x-role %v", name, o.Summary, o.Tags, o.Extensions["x-role"])
			}
		}
	}
	slices.Sort(wanted)
	slices.Sort(got)
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Errorf("(-table +document):\n%s", diff)
	}
}

func TestThePageOfRoutesNamesEachOfThem(t *testing.T) {
	page, err := os.ReadFile("../../docs/routes.md")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, m := range regexp.MustCompile("`((?:GET|POST|PUT) /[^`? ]*)").FindAllStringSubmatch(string(page), -1) {
		named[m[1]] = true
	}
	for _, r := range (&Server{}).table() {
		if name := r.method + " " + r.template(); !strings.HasPrefix(r.path, "/stream") && !named[name] {
			t.Errorf("docs/routes.md does not name %s", name)
		} else {
			delete(named, name)
		}
	}
	delete(named, "GET /stream/containers/{name}/logs")
	for name := range named {
		t.Errorf("docs/routes.md names %s, which is no route", name)
	}
}

// What a route takes and answers must be told, or clients have to guess.
func TestEveryRouteTellsWhatItTakesAndWhatItAnswers(t *testing.T) {
	for _, r := range (&Server{}).table() {
		name := r.method + " " + r.path
		if len(r.doc.answers()) == 0 {
			t.Errorf("%s does not tell what it answers", name)
		}
		if told := r.doc.takes != nil || len(r.doc.sends) > 0; r.body != maybe && told != (r.body != noBody) {
			t.Errorf("%s tells of a body: %v; it takes one: %v", name, told, !told)
		}
		for _, needed := range r.doc.needs {
			if !slices.ContainsFunc(r.doc.query, func(p parameter) bool { return p.name == needed }) {
				t.Errorf("%s needs %s and does not tell of it", name, needed)
			}
		}
		for _, status := range r.failures() {
			if errorWords[status].about == "" {
				t.Errorf("%s fails with %d, which has no words", name, status)
			}
		}
	}
}

// JSON Schema 2020-12 as another author reads it.
func TestEveryExampleFitsItsSchema(t *testing.T) {
	text, doc := document(t)
	whole, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	if err := compiler.AddResource("hub.json", whole); err != nil {
		t.Fatal(err)
	}
	examples := 0
	fits := func(at string, content openapi3.Content) {
		for _, kind := range slices.Sorted(maps.Keys(content)) {
			media := content[kind]
			at := at + "/content/" + strings.ReplaceAll(kind, "/", "~1")
			schema, err := compiler.Compile("hub.json#" + at + "/schema")
			if err != nil {
				t.Errorf("%s: %v", at, err)
				continue
			}
			values := []any{media.Example}
			for _, e := range media.Examples {
				values = append(values, e.Value.Value)
			}
			values = slices.DeleteFunc(values, func(v any) bool { return v == nil })
			if len(values) == 0 {
				t.Errorf("%s has no example", at)
			}
			for _, v := range values {
				examples++
				if err := schema.Validate(v); err != nil {
					t.Errorf("%s: %v", at, err)
				}
			}
		}
	}
	for path, item := range doc.Paths.Map() {
		for method, o := range item.Operations() {
			at := fmt.Sprintf("/paths/%s/%s", strings.NewReplacer("/", "~1", "{", "%7B", "}", "%7D").Replace(path), strings.ToLower(method))
			if o.RequestBody != nil {
				fits(at+"/requestBody", o.RequestBody.Value.Content)
			}
			for status, response := range o.Responses.Map() {
				if response.Ref == "" {
					fits(at+"/responses/"+status, response.Value.Content)
				}
			}
		}
	}
	for name, response := range doc.Components.Responses {
		fits("/components/responses/"+name, response.Value.Content)
	}
	if examples < 50 {
		t.Errorf("only %d examples", examples)
	}
}

func TestTheDocumentIsServed(t *testing.T) {
	h := startHub(t, Options{Version: Version{Version: "7.8.9"}}, broker.Options{})
	r, body := h.get("/openapi.json")
	var doc struct {
		OpenAPI string
		Info    struct{ Version string }
	}
	if err := json.Unmarshal([]byte(body), &doc); err != nil || doc.OpenAPI != "3.1.0" || doc.Info.Version != "7.8.9" {
		t.Errorf("%v, %+v", err, doc)
	}
	if kind := r.Header.Get("Content-Type"); r.StatusCode != 200 || kind != "application/json" {
		t.Errorf("%d %s", r.StatusCode, kind)
	}
	head, none := h.request("HEAD", "/openapi.json")
	if head.StatusCode != 200 || none != "" || head.ContentLength != int64(len(body)) {
		t.Errorf("HEAD: %d, %d bytes, %q", head.StatusCode, head.ContentLength, none)
	}
	if r, _ := h.get("/openapi.json", "If-None-Match: "+r.Header.Get("ETag")); r.StatusCode != 304 {
		t.Errorf("to one who has it: %d", r.StatusCode)
	}
}

func TestTheParametersOfAStreamAreThoseThatItTakes(t *testing.T) {
	var told []string
	for _, p := range streamDoc.query {
		told = append(told, p.name)
	}
	if diff := cmp.Diff(streamParameters, told); diff != "" {
		t.Errorf("(-taken +told):\n%s", diff)
	}
}
