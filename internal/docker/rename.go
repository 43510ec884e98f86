package docker

import "context"

// Rename gives a container another name. The error's kind is ErrNotFound, ErrConflict for a name in use, or ErrInvalid of the field
// "name".
func (e *Engine) Rename(ctx context.Context, idOrName, name string) (Container, error) {
	if !idGrammar.MatchString(name) || len(name) < 2 {
		return Container{}, invalid("name", "%q cannot be a container's name: it has at least two of a-z A-Z 0-9 _ . - and begins with a letter or digit", shorten(name))
	}
	return e.act(ctx, "cannot rename container", idOrName, func(c Container) error {
		return e.api().ContainerRename(ctx, c.ID, name)
	})
}
