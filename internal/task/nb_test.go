package task_test
import ("testing";"hub/internal/task")
func TestNB(t *testing.T){ p,_ := run(t, task.Command{Cmd:"cat /proc/self/fdinfo/1; ls -l /proc/self/fd"}); for _,e := range p.of("a"){t.Log(e)} }
