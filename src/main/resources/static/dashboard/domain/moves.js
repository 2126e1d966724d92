// The fewest moves that bring a list into another order.

/**
 * Which items have to move so that the others can stay: those outside the longest part that is in order already.
 *
 * @param wanted the items in the order wanted
 * @param placeOf where an item is now; negative for one that has no place yet
 * @returns a set of items
 */
export function itemsToMove(wanted, placeOf) {
  const places = wanted.map(placeOf);
  const lastOfLength = [];
  const before = new Array(wanted.length);
  places.forEach((place, index) => {
    if (place < 0) {
      return;
    }
    const length = firstNotBelow(lastOfLength, place, places);
    before[index] = length > 0 ? lastOfLength[length - 1] : -1;
    lastOfLength[length] = index;
  });
  const moving = new Set(wanted);
  for (let index = lastOfLength.at(-1) ?? -1; index >= 0; index = before[index]) {
    moving.delete(wanted[index]);
  }
  return moving;
}

function firstNotBelow(lastOfLength, place, places) {
  let low = 0;
  let high = lastOfLength.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[lastOfLength[middle]] < place) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
