package http

import (
	"html/template"
	"strings"

	"github.com/gofiber/fiber/v2"
)

var docsPage = template.Must(template.New("docs").Parse(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>hub: routes</title>
<h1>Routes</h1>
<table>
<tr><th scope="col">Method<th scope="col">Path<th scope="col">Role<th scope="col">What
{{range .}}<tr><td>{{.Method}}<td><code>{{.Path}}</code><td>{{.Role}}<td>{{.About}}
{{end}}</table>
</html>
`))

// docs is GET /docs: the route table, for people.
func (s *Server) docs(c *fiber.Ctx) error {
	type row struct{ Method, Path, Role, About string }
	var rows []row
	for _, r := range s.routes {
		rows = append(rows, row{r.method, r.path, string(r.role), r.about})
	}
	var page strings.Builder
	if err := docsPage.Execute(&page, rows); err != nil {
		return err
	}
	c.Type("html", "utf-8")
	return c.SendString(page.String())
}
