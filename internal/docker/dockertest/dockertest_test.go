package dockertest

import (
	"os"
	"testing"

	containertypes "github.com/docker/docker/api/types/container"
	registrytypes "github.com/docker/docker/api/types/registry"
)

func TestMain(m *testing.M) { os.Exit(Main(m)) }

func TestAContainerRunsOnAnEngineThatIsKilledAndComesBack(t *testing.T) {
	engine := StartEngine(t)
	image := ImageOn(t, engine.Host)
	api := Client(t, engine.Host)
	made, err := api.ContainerCreate(t.Context(), &containertypes.Config{Image: image, Cmd: []string{"sleep", "300"}}, nil, nil, nil, "web")
	if err != nil {
		t.Fatal(err)
	}
	if err := api.ContainerStart(t.Context(), made.ID, containertypes.StartOptions{}); err != nil {
		t.Fatal(err)
	}
	engine.Kill()
	if _, err := api.ContainerInspect(t.Context(), "web"); err == nil {
		t.Error("a killed engine answers")
	}
	if err := engine.Start(); err != nil {
		t.Fatal(err)
	}
	if web, err := api.ContainerInspect(t.Context(), "web"); err != nil || web.ID != made.ID {
		t.Errorf("%+v, %v", web, err)
	}
}

func TestTheRegistryTakesItsPasswordOnly(t *testing.T) {
	api := Client(t, Engine(t))
	r := StartRegistry(t)
	login := registrytypes.AuthConfig{Username: r.User, Password: r.Password, ServerAddress: r.Host}
	if _, err := api.RegistryLogin(t.Context(), login); err != nil {
		t.Error(err)
	}
	login.Password = "wrong"
	if _, err := api.RegistryLogin(t.Context(), login); err == nil {
		t.Error("a wrong password was taken")
	}
}
