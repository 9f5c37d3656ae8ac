import { spawn } from "node:child_process";

/** Ends processes that outlive this one, however it ends. */
export interface Watchdog {
  watch(pid: number): void;
  forget(pid: number): void;
  close(): void;
}

// A handler in an endless loop never notices that its parent is gone. This shell notices: its input ends.
const SCRIPT = `pids=" "
while read -r sign pid; do
  case $sign in
    +) pids="$pids$pid " ;;
    -) case $pids in *" $pid "*) pids="\${pids%% $pid *} \${pids#* $pid }" ;; esac ;;
  esac
done
for pid in $pids; do kill -9 "-$pid" 2>/dev/null; done`;

/** Starts one small shell; where there is none (Windows), environments still end when they next ask for work. */
export const startWatchdog = (): Watchdog => {
  // Detached, so that Ctrl-C on the terminal reaches it no sooner than the environments are ended.
  const shell = spawn("sh", ["-c", SCRIPT], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    env: {},
  });
  shell.on("error", () => {});
  shell.stdin.on("error", () => {});
  shell.unref();
  const tell = (sign: "+" | "-", pid: number): void => {
    if (shell.stdin.writable) shell.stdin.write(`${sign} ${pid}\n`);
  };
  return {
    watch: (pid) => tell("+", pid),
    forget: (pid) => tell("-", pid),
    close: () => {
      shell.stdin.end();
    },
  };
};
