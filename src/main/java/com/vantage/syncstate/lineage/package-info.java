/** What the run events of OpenLineage say of registered resources. */
@NullMarked
package com.vantage.syncstate.lineage;

import org.jspecify.annotations.NullMarked;
