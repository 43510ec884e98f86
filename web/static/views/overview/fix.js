// What to do where the Docker engine is not there. No document here.

/** What helps, by what the engine's client says. @param {string} reason @returns {{fix: string, run: string}} */
export function fixFor(reason) {
  if (/permission denied/i.test(reason)) return { fix: 'The hub’s user may not use the engine’s socket. Put it into the group docker, and start the hub again:', run: 'sudo usermod -aG docker "$USER"' };
  if (/lookup|no such host|i\/o timeout|deadline/i.test(reason)) return { fix: 'Its address does not answer. Look at what DOCKER_HOST says, and whether that machine is up:', run: 'echo "$DOCKER_HOST"; docker version' };
  return { fix: 'Start it; or, if it listens elsewhere, start the hub with DOCKER_HOST set to that address:', run: 'sudo systemctl start docker' };
}

/** Why it is not there, without the advice that the hub's log adds. @param {string} reason */
export const causeOf = (reason) => reason.replace(/^cannot speak with the engine: /, '').replace(/; [^;]*$/, '') || 'nobody knows why';
