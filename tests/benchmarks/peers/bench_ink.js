// Random playthroughs of a story by inkjs: node bench_ink.js STORY.ink, INKJS naming inkjs's dist/ink-full.js.
// Reads "SEED COUNT" lines and answers each with "PLAYTHROUGHS-A-SECOND MEAN-CHOICES", so that whoever asks
// can let others run in between. One story is used for all, reset before each playthrough.
"use strict";
const fs = require("fs");
const readline = require("readline");
const ink = require(process.env.INKJS || "inkjs/full");

const compiled = new ink.Compiler(fs.readFileSync(process.argv[2], "utf8")).Compile();
const story = new ink.Story(compiled.ToJson());

// A small generator of its own (xorshift), because Math.random cannot be seeded.
let state = 1;
function below(limit) {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % limit;
}

function play() {
  story.ResetState();
  let choices = 0;
  for (;;) {
    story.ContinueMaximally();
    const offered = story.currentChoices;
    if (offered.length === 0) return choices;
    story.ChooseChoiceIndex(below(offered.length));
    choices += 1;
  }
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const [seed, count] = line.split(" ").map(Number);
  state = seed | 1;
  let choices = 0;
  const began = process.hrtime.bigint();
  for (let number = 0; number < count; number += 1) choices += play();
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  console.log(`${count / seconds} ${choices / count}`);
});
