package http

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
)

// contract is the API's document, which every answer of every hub that a test
// starts is held against.
type contract struct {
	*openapi3.T
	routes []route
	paths  []*regexp.Regexp // of routes
}

// theContract is that of the table. A key that it does not name is a fault of an
// answer, though not of the document, which leaves room for more.
var theContract = sync.OnceValues(func() (*contract, error) {
	c := &contract{routes: (&Server{}).table()}
	text, err := makeDocument(c.routes, "1.2.3")
	if err != nil {
		return nil, err
	}
	if c.T, err = openapi3.NewLoader().LoadFromData(text.body); err != nil {
		return nil, err
	}
	for _, schema := range c.Components.Schemas {
		if v := schema.Value; len(v.Properties) > 0 && v.AdditionalProperties.Schema == nil {
			v.AdditionalProperties.Has = new(false)
		}
	}
	parameter := regexp.MustCompile(`:[a-z_]+`)
	for _, r := range c.routes {
		pattern := parameter.ReplaceAllString(strings.ReplaceAll(r.path, "*", ".*"), "[^/]+")
		c.paths = append(c.paths, regexp.MustCompile("^"+pattern+"/?$"))
	}
	return c, nil
})

// operation is what the document says of a request, nil where there is no route.
func (c *contract) operation(method, path string, status int) *openapi3.Operation {
	method = strings.Replace(method, "HEAD", "GET", 1)
	for i, r := range c.routes {
		if r.method == method && c.paths[i].MatchString(path) {
			if status < 400 {
				seen.Store(r.method+" "+r.path, true)
			}
			return c.Paths.Find(r.template()).GetOperation(method)
		}
	}
	return nil
}

// check reports why the document does not say that a request is answered so. The
// body is nil where it cannot be seen.
func (c *contract) check(method, path string, status int, kind string, body []byte) error {
	var response *openapi3.Response
	switch operation := c.operation(method, path, status); {
	case operation == nil && (status == 404 || slices.Contains([]int{400, 403, 405, 415, 421, 431, 501}, status)):
		response = c.Components.Responses["Error"].Value
	case operation == nil:
		return fmt.Errorf("there is no such route")
	default:
		said := operation.Responses.Status(status)
		if said == nil && status == statusGone { // which nobody reads
			said = operation.Responses.Default()
		}
		if said == nil {
			return fmt.Errorf("the status is not documented")
		}
		response = said.Value
	}
	if len(response.Content) == 0 {
		if len(body) > 0 && status != 204 && status != 304 { // which the server leaves out of these
			return fmt.Errorf("a body is not documented")
		}
		return nil
	}
	media := response.Content.Get(kind)
	if media == nil {
		return fmt.Errorf("the type is not documented")
	}
	if body == nil || method == "HEAD" || !strings.HasPrefix(kind, "application/json") {
		return nil
	}
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return err
	}
	return media.Schema.Value.VisitJSON(value, openapi3.MultiErrors(), openapi3.VisitAsResponse())
}
