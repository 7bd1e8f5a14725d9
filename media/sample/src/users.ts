export async function loadUser(id) {
  return fetch(id);
}

export async function showProfile(name) {
  return loadUser(name);
}
