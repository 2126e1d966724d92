package com.vantage.syncstate.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.vantage.syncstate.config.UnusableSettingException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which keys are valid, and for which role. */
class ApiKeysTest {

    private static final String SHA256_OF_SECRET = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

    @Test
    void takesEveryKeyOfAListSoThatOneCanBeReplaced() {
        var keys = new ApiKeys(new KeyProperties(List.of("old", "new"), List.of("look")));

        assertThat(keys.roleOf("old")).hasValue(Role.SERVICE);
        assertThat(keys.roleOf("new")).hasValue(Role.SERVICE);
        assertThat(keys.roleOf("look")).hasValue(Role.READER);
        assertThat(keys.roleOf("ol")).isEmpty();
    }

    @Test
    void takesAKeyByItsDigestAndNotTheDigestItself() {
        var keys = new ApiKeys(new KeyProperties(List.of("sha256:" + SHA256_OF_SECRET), List.of()));

        assertThat(keys.roleOf("secret")).hasValue(Role.SERVICE);
        assertThat(keys.roleOf("sha256:" + SHA256_OF_SECRET)).isEmpty();
    }

    @Test
    void givesTheHigherRoleToAKeyInBothLists() {
        assertThat(new ApiKeys(new KeyProperties(List.of("both"), List.of("both"))).roleOf("both"))
                .hasValue(Role.SERVICE);
    }

    @Test
    void takesBlankValuesForNone() {
        assertThat(new KeyProperties(List.of(" "), List.of("")).isEmpty()).isTrue();
    }

    @Test
    void refusesADigestThatIsNone() {
        assertThatThrownBy(() -> new ApiKeys(new KeyProperties(List.of("sha256:abc"), List.of())))
                .isInstanceOf(UnusableSettingException.class)
                .hasMessageContaining("vantage.keys.service");
    }

    @Test
    void neverPrintsAKey() {
        assertThat(new KeyProperties(List.of("hidden-1"), List.of("hidden-2")).toString())
                .doesNotContain("hidden");
        assertThat(new GeneratedKeys("hidden-1", "hidden-2").toString()).doesNotContain("hidden");
        assertThat(new JwtProperties("hidden").toString()).doesNotContain("hidden");
    }
}
