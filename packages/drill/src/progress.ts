import { Listr, ListrLogger, ProcessOutput } from "listr2";
import type { Narrator } from "./stage.ts";

/**
 * Shows acts on a stream that is not stdout, which belongs to the report: live lines on a terminal, otherwise one line when an
 * act begins and one when it ends.
 */
export function narratorFor(stream: NodeJS.WriteStream): Narrator {
  // listr2 looks at stdout alone to decide whether it may draw.
  return stream.isTTY && process.stdout.isTTY ? onTerminal(stream) : inLines(stream);
}

function onTerminal(stream: NodeJS.WriteStream): Narrator {
  return async (title, work) => {
    const results: Awaited<ReturnType<typeof work>>[] = [];
    const list = new Listr(
      [
        {
          title,
          task: async (_context, task) => {
            const started = performance.now();
            results.push(await work((line) => (task.output = line)));
            const note = task.output ? `  ${task.output}` : "";
            task.title = `${title}  ${since(started)}${note}`;
          },
        },
      ],
      {
        // The command closes the local cloud on a signal; listr2 would leave the process before that.
        registerSignalListeners: false,
        fallbackRenderer: "silent",
        rendererOptions: {
          // The report tells the reason once.
          showErrorMessage: false,
          logger: new ListrLogger({
            useIcons: true,
            processOutput: new ProcessOutput(stream, stream),
          }),
        },
      },
    );
    await list.run();
    return results[0] as Awaited<ReturnType<typeof work>>;
  };
}

function inLines(stream: NodeJS.WriteStream): Narrator {
  return async (title, work) => {
    const started = performance.now();
    let last = "";
    stream.write(`…    ${title}\n`);
    try {
      const result = await work((line) => {
        last = line;
      });
      stream.write(`ok   ${title}  ${since(started)}${last && `  ${last}`}\n`);
      return result;
    } catch (error) {
      stream.write(`FAIL ${title}  ${since(started)}${last && `  ${last}`}\n`);
      throw error;
    }
  };
}

const since = (started: number): string => `${((performance.now() - started) / 1000).toFixed(1)} s`;
