package http

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"hub/internal/docker"
)

// loginBody is the body of /docker/login.
type loginBody struct {
	Username string `json:"username" check:"required" description:"the registry's user"`
	Password string `json:"password" check:"required" description:"or a token; it is kept in memory, for this registry alone, and never shown"`
	Registry string `json:"registry" description:"the registry's host, with or without a scheme and a path; Docker Hub by default"`
}

// loginAnswer is what the older service passed on of the engine's answer.
type loginAnswer struct {
	Status string      `json:"status" description:"ok"`
	Detail loginDetail `json:"detail"`
}

type loginDetail struct {
	IdentityToken string `json:"IdentityToken" description:"what the registry wants instead of the password from now on, mostly nothing"`
	Status        string `json:"Status" description:"the engine's words"`
}

// dockerHubRegistry is where images without a registry in their name live.
const dockerHubRegistry = "https://index.docker.io/v1/"

var loginDoc = operation{
	more: "The engine asks the registry at once. Later pushes, pulls and builds that name this registry use the credentials, until the hub ends. " +
		"A login that fails is a 401 and forgets nothing.",
	takes: loginBody{"builder", "correct horse", "registry.example:5000"},
	gives: loginAnswer{"ok", loginDetail{"", "Login Succeeded"}},
	fails: []int{401, 403, 502, 503},
}

// login is POST /docker/login.
func (s *Server) login(c *fiber.Ctx) error {
	body := loginBody{Registry: dockerHubRegistry}
	return s.callEngine(c, &body, func(ctx context.Context, e *docker.Engine) (any, error) {
		in, err := e.Login(ctx, docker.Login{Registry: body.Registry, Username: body.Username, Password: body.Password})
		return loginAnswer{"ok", loginDetail{in.IdentityToken, in.Status}}, err
	})
}
