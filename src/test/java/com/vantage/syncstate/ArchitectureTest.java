package com.vantage.syncstate;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.web.bind.annotation.RestController;

/** Arrows between the packages point one way, and each kind of class does its own work. */
@AnalyzeClasses(packages = ArchitectureTest.ROOT, importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    static final String ROOT = "com.vantage.syncstate";

    /** Every package, with the packages that it may use. */
    private static final Map<String, Set<String>> USES = Map.ofEntries(
            Map.entry("", Set.of()),
            // What every feature stands on
            Map.entry("error", Set.of()),
            Map.entry("config", Set.of()),
            Map.entry("database", Set.of("error", "config")),
            Map.entry("http", Set.of("error", "config")),
            Map.entry("security", Set.of("error", "config", "database", "http")),
            // The core
            Map.entry("alert", Set.of("error", "config", "database", "http")),
            Map.entry("sync", Set.of("error", "config", "database", "http", "alert")),
            // Features
            Map.entry("run", Set.of("error", "config", "database", "http", "sync")),
            Map.entry("incident", Set.of("error", "config", "http", "alert", "sync", "run")),
            Map.entry("notify", Set.of("error", "config", "http", "alert", "incident")),
            Map.entry("live", Set.of("error", "config", "database", "http", "security", "sync", "incident")),
            Map.entry("badge", Set.of("error", "http", "security", "alert", "sync")),
            Map.entry("lineage", Set.of("error", "http", "sync")),
            Map.entry("ping", Set.of("error", "config", "http", "security", "sync")),
            Map.entry("metrics", Set.of("database", "alert", "sync")),
            Map.entry("fresh", Set.of("error", "database", "http", "alert", "sync", "live", "security")),
            // The protocol of PostgREST: from the request to the statement, errors apart
            Map.entry("postgrest.error", Set.of("error", "http")),
            Map.entry("postgrest.request", Set.of("http", "postgrest.error", "sync")),
            Map.entry("postgrest.plan", Set.of("error", "database")),
            Map.entry(
                    "postgrest.sql",
                    Set.of(
                            "error",
                            "database",
                            "http",
                            "security",
                            "sync",
                            "postgrest.error",
                            "postgrest.request",
                            "postgrest.plan")),
            Map.entry(
                    "postgrest",
                    Set.of(
                            "error",
                            "http",
                            "security",
                            "postgrest.error",
                            "postgrest.request",
                            "postgrest.plan",
                            "postgrest.sql")));

    @ArchTest
    static void everyPackageIsNamedHere(JavaClasses classes) {
        assertThat(classes.stream().map(ArchitectureTest::packageOf).collect(toSet()))
                .isEqualTo(USES.keySet());
    }

    @ArchTest
    static void packagesUseOnlyWhatIsNamedHere(JavaClasses classes) {
        USES.forEach((user, used) -> noClasses()
                .that(describe(
                        "reside in '" + user + "'", type -> packageOf(type).equals(user)))
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "..")
                        .and(describe(
                                "reside in none of " + used,
                                type -> !packageOf(type).equals(user) && !used.contains(packageOf(type)))))
                .check(classes));
    }

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule packagesOfPostgrestHaveNoCycles =
            slices().matching(ROOT + ".postgrest.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule sqlStandsInRepositoriesAlone = noClasses()
            .that()
            .areNotAnnotatedWith(Repository.class)
            .and()
            .resideOutsideOfPackage(ROOT + ".database")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(JdbcClient.class);

    @ArchTest
    static final ArchRule controllersAreForThePackageAlone =
            classes().that().areAnnotatedWith(RestController.class).should().bePackagePrivate();

    @ArchTest
    static final ArchRule theRootHoldsTheApplicationAlone = classes()
            .that()
            .resideInAPackage(ROOT)
            .should()
            .haveSimpleName("VantageSyncStateApplication")
            .orShould()
            .haveSimpleName("package-info");

    /** The package of a class below the root, {@code postgrest.sql}. */
    private static String packageOf(JavaClass type) {
        String name = type.getPackageName();
        return name.length() <= ROOT.length() ? "" : name.substring(ROOT.length() + 1);
    }
}
