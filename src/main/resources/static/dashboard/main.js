// Signs in and out.

import { forgetKey, storedKey, storeKey } from "./api/key-storage.js";
import { Dashboard } from "./widgets/dashboard.js";
import { byId, setVisible } from "./widgets/dom.js";
import { SignInForm } from "./widgets/sign-in-form.js";

let dashboard = null;

const form = new SignInForm(signIn);

function signIn(key) {
  dashboard?.stop();
  dashboard = new Dashboard(key, {
    answered: () => showSignedIn(true),
    accepted: () => {
      storeKey(key);
      form.clear();
    },
    refused: (status, loaded) => signOut(keyError(status, loaded)),
  });
  dashboard.start();
}

function signOut(reason = "") {
  dashboard?.stop();
  dashboard = null;
  forgetKey();
  document.title = "Sync states";
  showSignedIn(false);
  form.reset(reason);
}

function keyError(status, loaded) {
  if (status === 403) {
    return "This token has no read access: its 'role' claim is unknown.";
  }
  return loaded
    ? "The key is no longer valid. Sign in with another one."
    : "Unknown key. Check for missing or extra characters.";
}

function showSignedIn(signedIn) {
  setVisible(byId("signed-out"), !signedIn);
  for (const id of ["signed-in", "sign-out", "connection", "zone", "keys"]) {
    setVisible(byId(id), signedIn);
  }
}

byId("sign-out").addEventListener("click", () => signOut());

const key = storedKey();
if (key === null) {
  signOut();
} else {
  signIn(key);
}
